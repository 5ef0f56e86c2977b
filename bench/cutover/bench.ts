/**
 * The write pause of a cutover as clients see it, and what belt says took the time. Run by hand, see docs/cutover.md:
 *
 *   npx tsc --noEmit false --outDir .dist-test-bench && cp -r schemas package.json .dist-test-bench/ &&
 *     node .dist-test-bench/bench/cutover/bench.js --tables 1000
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { Secret } from '../../src/core/secret.js'
import type { Side } from '../../src/core/side.js'
import { startServer, type EmbeddedServer } from '../../src/embedded/server.js'
import { withConnection } from '../../src/postgres/connect.js'
import type { ConnectionSettings } from '../../src/postgres/connection-settings.js'

const { values } = parseArgs({
  options: {
    tables: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '100' },
    writers: { type: 'string', default: '4' },
    /** Transactions a second of each writer. */
    rate: { type: 'string', default: '25' },
  },
})
const tables = Number(values.tables)
const signal = new AbortController().signal
const folder = await mkdtemp(path.join(os.tmpdir(), 'belt-bench-'))
const settings = { wal_level: 'logical', max_locks_per_transaction: '1024', max_wal_size: '4GB' }
const source = await startServer({ major: 15, settings, download: true, signal })
const target = await startServer({ major: 17, settings, download: true, signal })

function login(server: EmbeddedServer, user: string, database = 'bench'): ConnectionSettings {
  const password = user === 'app' ? 'app' : server.password
  const { host, port } = server
  return {
    ...{ host, port, database, user, tls: { mode: 'disable' }, applicationName: 'bench' },
    password: () => Promise.resolve(new Secret(password)),
  }
}

async function run(server: EmbeddedServer, database: string, statements: readonly string[]): Promise<void> {
  await withConnection(login(server, server.user, database), signal, async (session) => {
    for (const sql of statements) await session.exec(sql)
  })
}

async function belt(...args: readonly string[]): Promise<string> {
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))
  const env = { ...process.env, S: source.password, T: target.password, R: 'replication' }
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], {
    ...{ cwd: folder, env, maxBuffer: 1 << 28 },
  })
  return stdout
}

function writeSpec(stage: string): Promise<void> {
  const side = (server: EmbeddedServer, password: string): string =>
    `{ host: ${server.host}, port: ${String(server.port)}, database: bench, tls: disable, admin: { user: ${server.user}, password: { env: ${password} } } }`
  return writeFile(
    path.join(folder, 'belt.yaml'),
    `version: 1
name: bench
stage: ${stage}
source: ${side(source, 'S')}
target: ${side(target, 'T')}
roles: { replication: { password: { env: R } }, copy: [app] }
approve:
  - { hazard: write-pause, action: fence.source, reason: bench, until: 2999-01-01 }
  - { hazard: point-of-no-return, action: no-return.target, reason: bench, until: 2999-01-01 }
`,
  )
}

async function reach(stage: string): Promise<string> {
  await writeSpec(stage)
  await belt('plan', '--out', 'plan.json')
  return belt('apply', 'plan.json')
}

/** Commits on whichever side lets it in until it is told to stop. */
const commits: { readonly side: Side; readonly at: number }[] = []
let stopped = false
async function write(writer: number): Promise<void> {
  let side: Side = 'source'
  for (let n = writer; !stopped;) {
    try {
      await withConnection(login(side === 'source' ? source : target, 'app'), signal, async (session) => {
        for (; !stopped; n += 7) {
          await session.exec(`insert into public.t${String(n % tables)} (note) values ('live')`)
          commits.push({ side, at: performance.now() })
          await delay(1000 / Number(values.rate))
        }
      })
    } catch {
      side = side === 'source' ? 'target' : 'source'
      await delay(10)
    }
  }
}

try {
  for (const server of [source, target]) await run(server, 'postgres', ['create database bench'])
  await run(source, 'bench', [
    `create role app login password 'app'`,
    ...Array.from({ length: tables }, (_, i) => [
      `create table public.t${String(i)} (id bigserial primary key, note text, at timestamptz default now())`,
      `insert into public.t${String(i)} (note) select 'row ' || n from generate_series(1, ${values.rows}) as n`,
    ]).flat(),
    'grant insert, select on all tables in schema public to app',
    'grant usage on all sequences in schema public to app',
  ])
  const writers = Array.from({ length: Number(values.writers) }, (_, i) => write(i))
  const began = performance.now()
  await reach('replicating')
  process.stdout.write(`replicating after ${String(Math.round((performance.now() - began) / 1000))} s\n`)
  process.stdout.write(await reach('cutover'))
  await delay(2000)
  stopped = true
  await Promise.all(writers)
  const last = Math.max(...commits.filter((c) => c.side === 'source').map((c) => c.at))
  const first = Math.min(...commits.filter((c) => c.side === 'target').map((c) => c.at))
  process.stdout.write(`clients: ${String(Math.round(first - last))} ms from the last commit there to the first here\n`)
  process.stdout.write(`load average ${os.loadavg()[0]?.toFixed(1) ?? ''} on ${String(os.cpus().length)} processors\n`)
} finally {
  stopped = true
  await Promise.all([source.stop(), target.stop()])
  await rm(folder, { recursive: true, force: true })
}
