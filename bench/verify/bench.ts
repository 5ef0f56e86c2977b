/**
 * How long full verification takes against counting, against copying both sides out and hashing outside, and against
 * pgcopydb, each on both sides at once. Run by hand, see docs/verify.md:
 *
 *   npx tsc --noEmit false --outDir .dist-test-bench && node .dist-test-bench/bench/verify/bench.js --rows 1000000
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { Secret } from '../../src/core/secret.js'
import { startServer, type EmbeddedServer } from '../../src/embedded/server.js'
import { isEmbeddedMajor } from '../../src/embedded/versions.js'
import { withConnection } from '../../src/postgres/connect.js'
import type { ConnectionSettings } from '../../src/postgres/connection-settings.js'
import type { Session } from '../../src/postgres/session.js'
import { fill, TABLES } from './tables.js'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '15' },
    to: { type: 'string', default: '17' },
    repeat: { type: 'string', default: '3' },
    pgcopydb: { type: 'string', default: 'pgcopydb' },
  },
})

interface Measured {
  readonly name: string
  readonly seconds: number
  /** Of both servers. */
  readonly cpu: number
  readonly note?: string
}

interface Size {
  readonly bytes: number
  readonly rows: number
}

type Login = Pick<EmbeddedServer, 'host' | 'port' | 'user' | 'password'>

function settingsOf({ host, port, user, password }: Login): ConnectionSettings {
  return {
    ...{ host, port, user, database: 'postgres', tls: { mode: 'disable' }, applicationName: 'belt/bench' },
    password: () => Promise.resolve(new Secret(password)),
  }
}

async function start(major: string): Promise<EmbeddedServer> {
  const number = Number(major)
  if (!isEmbeddedMajor(number)) throw new RangeError(`no server of major ${major}`)
  return startServer({
    major: number,
    settings: { shared_buffers: '1GB', max_wal_size: '4GB', fsync: 'off', jit: 'off' },
  })
}

const signal = new AbortController().signal

async function onBoth(servers: readonly EmbeddedServer[], work: (session: Session) => Promise<unknown>): Promise<void> {
  await Promise.all(servers.map((server) => withConnection(settingsOf(server), signal, work)))
}

/** Processor seconds of all sessions that have ended (Linux): what other work on the machine does not distort. */
async function serverSeconds(): Promise<number> {
  const ticks = await Promise.all(
    servers.map(async ({ dataDir }) => {
      const [pid = ''] = (await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
      // Fields 16 and 17 of proc(5), counted from the third.
      return Number(fields[13]) + Number(fields[14])
    }),
  )
  return ticks.reduce((sum, t) => sum + t, 0) / 100
}

async function timed(name: string, work: () => Promise<string | undefined>): Promise<Measured> {
  const before = await serverSeconds()
  const started = performance.now()
  const note = await work()
  const seconds = (performance.now() - started) / 1000
  await delay(500)
  const cpu = (await serverSeconds()) - before
  return { name, seconds, cpu, ...(note === undefined ? {} : { note }) }
}

async function count(session: Session): Promise<void> {
  for (const table of TABLES) await session.query(`select count(*)::text as rows from only public.${table}`)
}

async function copyAndHash(session: Session): Promise<void> {
  for (const table of TABLES) {
    await session.copyOut(`copy public.${table} to stdout`, async (rows) => {
      const hash = createHash('sha256')
      for await (const piece of rows) hash.update(piece as Buffer)
      hash.digest()
    })
  }
}

function pgcopydb(program: string, [source, target]: readonly EmbeddedServer[]): () => Promise<string | undefined> {
  const uri = (s: EmbeddedServer | undefined): string =>
    s === undefined ? '' : `postgres://${s.user}:${s.password}@${s.host}:${String(s.port)}/postgres`
  return async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'))
    const args = [
      'compare',
      'data',
      '--source',
      uri(source),
      '--target',
      uri(target),
      '--dir',
      path.join(folder, 'work'),
    ]
    await promisify(execFile)(program, args, { maxBuffer: 1 << 26 }).finally(() =>
      rm(folder, { recursive: true, force: true }),
    )
    return undefined
  }
}

/** belt in a process of its own, whose peak memory is belt's. */
function belt(servers: readonly EmbeddedServer[], jobs: number): () => Promise<string | undefined> {
  return () =>
    new Promise((resolve, reject) => {
      const logins = servers.map(({ host, port, user, password }) => ({ host, port, user, password }))
      const child = spawn(process.execPath, [fileURLToPath(new URL('belt-process.js', import.meta.url))], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
      child.on('error', reject)
      child.on('exit', (code) =>
        code === 0 ? resolve(output.trim()) : reject(new Error(`belt ended with ${String(code)}`)),
      )
      child.stdin.end(JSON.stringify({ logins, jobs }))
    })
}

const servers = await Promise.all([start(values.from), start(values.to)])
try {
  await onBoth(servers, async (session) => {
    await session.exec('set search_path = public')
    for (const statement of fill(Number(values.rows)).split(/;\s*$/m))
      if (statement.trim() !== '') await session.exec(statement)
    await session.exec('vacuum analyze')
  })
  const all = await Promise.all(
    servers.map((s) =>
      withConnection(settingsOf(s), signal, (session) =>
        session.one<Size>(
          `select sum(pg_table_size(c.oid))::float8 as bytes, sum(c.reltuples)::float8 as rows
           from pg_class as c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
        ),
      ),
    ),
  )
  const size = all[0] ?? { bytes: NaN, rows: NaN }
  const megabytes = all.map((s) => `${String(Math.round(s.bytes / 1e6))} MB`).join(' and ')
  process.stdout.write(`${values.from} -> ${values.to}: ${megabytes} of tables, ${String(size.rows)} rows a side\n`)
  const ways: readonly (readonly [string, () => Promise<string | undefined>])[] = [
    ['count(*)', () => onBoth(servers, count).then(() => undefined)],
    ['COPY, hashed outside', () => onBoth(servers, copyAndHash).then(() => undefined)],
    ['pgcopydb compare data', pgcopydb(values.pgcopydb, servers)],
    ['belt, 1 job', belt(servers, 1)],
    ['belt, 2 jobs', belt(servers, 2)],
    // As many sessions as pgcopydb has.
    ['belt, 4 jobs', belt(servers, 4)],
  ]
  const best = new Map<string, Measured>()
  for (let round = 0; round < Number(values.repeat); round += 1) {
    for (const [name, work] of ways) {
      const measured = await timed(name, work).catch((error: unknown): Measured => ({
        name,
        seconds: NaN,
        cpu: NaN,
        note: String(error).slice(0, 200),
      }))
      if (!((best.get(name)?.seconds ?? Infinity) <= measured.seconds)) best.set(name, measured)
    }
  }
  const unit = best.get('pgcopydb compare data')
  process.stdout.write(
    'way                      wall      ratio  MB/s a side  rows/s     processor of the servers, ratio\n',
  )
  for (const { name, seconds, cpu, note } of best.values()) {
    const ratio = (value: number, one: number | undefined): string => (value / (one ?? NaN)).toFixed(2)
    const cells = [
      `${seconds.toFixed(2)} s`.padEnd(9),
      ratio(seconds, unit?.seconds).padEnd(6),
      (size.bytes / 1e6 / seconds).toFixed(0).padEnd(12),
      (size.rows / seconds).toFixed(0).padEnd(10),
      `${cpu.toFixed(2)} s`,
      ratio(cpu, unit?.cpu),
      note ?? '',
    ]
    process.stdout.write(`${name.padEnd(24)} ${cells.join(' ')}\n`)
  }
} finally {
  await Promise.all(servers.map((s) => s.stop()))
}
