import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { BeltError } from '../core/error.js'
import { Secret } from '../core/secret.js'
import { startServer } from '../embedded/server.js'
import type { EmbeddedServer } from '../embedded/server.js'
import { stopKeptServer } from '../embedded/stop-kept.js'
import type { EmbeddedMajor } from '../embedded/versions.js'
import { withConnection } from '../postgres/connect.js'
import type { ConnectionSettings } from '../postgres/connection-settings.js'
import { DEMO_PASSWORDS, demoSpec } from './demo-spec.js'
import { goThere, type Journey } from './journey.js'
import { startLiveWrites } from './live-writes.js'
import { shopRows, shopSchema } from './shop.js'

export interface DemoInput {
  readonly from: EmbeddedMajor
  readonly to: EmbeddedMajor
  /** Leaves servers and files for the user to play with. */
  readonly keep: boolean
  /** Runs `belt …` as the user would type it, in a folder and with passwords in its environment; gives its exit code. */
  readonly belt: (args: readonly string[], folder: string, env: Readonly<Record<string, string>>) => Promise<number>
  readonly say: (text: string) => void
}

/** Two throw-away servers, a shop under load, and the way from an empty target to stage replicating, over to the target, and back. */
export async function runDemo(input: DemoInput, signal: AbortSignal): Promise<void> {
  const { say, from, to } = input
  const folder = await mkdtemp(path.join(tmpdir(), 'belt-demo-'))
  const servers: EmbeddedServer[] = []
  let kept = false
  try {
    say(`Two servers of your own: Postgres ${String(from)} (source) and ${String(to)} (target), on 127.0.0.1.`)
    const source = await startServer({ major: from, settings: SETTINGS, download: true, signal })
    servers.push(source)
    const target = await startServer({ major: to, settings: SETTINGS, download: true, signal })
    servers.push(target)
    const env = passwords(source, target)
    await walk(input, { source, target, folder }, env, signal)
    if (input.keep) {
      await keep(input, { source, target, folder }, env)
      kept = true
    }
  } finally {
    if (!kept) {
      await Promise.all(servers.map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    }
  }
  if (!kept) say('Both servers are stopped and their files removed. belt demo --keep leaves them up.')
}

const SERVERS_FILE = 'servers.json'
const SETTINGS = { wal_level: 'logical' }

interface Stage {
  readonly source: EmbeddedServer
  readonly target: EmbeddedServer
  readonly folder: string
}

async function walk(
  input: DemoInput,
  stage: Stage,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { say } = input
  const { source, target, folder } = stage
  const appPassword = randomBytes(12).toString('hex')
  await makeShop(source, appPassword, signal)
  await onServer(target, 'postgres', signal, ['create database shop'])
  say(`The source holds a shop of some 60,000 rows. Two writers go on committing orders all the while.\n`)
  const app = (server: EmbeddedServer): ConnectionSettings => connection(server, 'shop', 'shop_app', appPassword)
  const writes = startLiveWrites({ source: app(source), target: app(target) }, 2, signal)
  try {
    await writeFile(path.join(folder, 'belt.yaml'), demoSpec(source, target, 'replicating'))
    await mkdir(path.join(folder, 'plans'))
    say(`$ cat belt.yaml\n${demoSpec(source, target, 'replicating')}`)
    const run = (args: readonly string[]): Promise<void> => step(input, folder, env, args)
    await run(['validate'])
    await run(['plan', '--out', 'plans/shop.json'])
    say('Here you would review the plan, or let a colleague do it: belt show plans/shop.json --markdown\n')
    await run(['apply', 'plans/shop.json', '--yes'])
    await run(['status'])
    await run(['plan', '--detailed-exitcode'])
    const journey: Journey = {
      say,
      run,
      writes,
      write: (to) => writeFile(path.join(folder, 'belt.yaml'), demoSpec(source, target, to)),
      approvals: (to) => demoSpec(source, target, to).replace(/^[^]*?(?=^approve:)/m, ''),
    }
    await goThere(journey, 'cutover')
    await goThere(journey, 'rolled-back')
    await goThere(journey, 'replicating')
  } finally {
    await writes.stop()
  }
  say(`The writers committed ${String(writes.committed())} transactions meanwhile, on whichever side served.`)
  await compare(stage, say, signal)
}

async function step(
  { belt, say }: DemoInput,
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<void> {
  say(`$ belt ${args.join(' ')}`)
  const code = await belt(args, folder, env)
  say('')
  if (code !== 0) {
    throw new BeltError('demo-failed', `belt ${args.join(' ')} ended with exit code ${String(code)}`, {
      hint: 'Its message stands above.',
    })
  }
}

async function makeShop(source: EmbeddedServer, appPassword: string, signal: AbortSignal): Promise<void> {
  await onServer(source, 'postgres', signal, ['create database shop'])
  await onServer(source, 'shop', signal, [...shopSchema(appPassword), ...shopRows(1)])
}

async function onServer(
  server: EmbeddedServer,
  database: string,
  signal: AbortSignal,
  sql: readonly string[],
): Promise<void> {
  await withConnection(connection(server, database, server.user, server.password), signal, async (session) => {
    await session.exec('set search_path = public')
    for (const statement of sql) await session.exec(statement)
  })
}

function connection(server: EmbeddedServer, database: string, user: string, password: string): ConnectionSettings {
  return {
    host: server.host,
    port: server.port,
    database,
    user,
    password: () => Promise.resolve(new Secret(password)),
    tls: { mode: 'disable' },
    applicationName: 'shop',
  }
}

function passwords(source: EmbeddedServer, target: EmbeddedServer): Readonly<Record<string, string>> {
  return {
    [DEMO_PASSWORDS.source]: source.password,
    [DEMO_PASSWORDS.target]: target.password,
    [DEMO_PASSWORDS.replication]: randomBytes(12).toString('hex'),
  }
}

/** The writers have stopped, so both sides come to hold the same number of orders within moments. */
async function compare({ source, target }: Stage, say: DemoInput['say'], signal: AbortSignal): Promise<void> {
  const count = async (server: EmbeddedServer): Promise<string> =>
    withConnection(connection(server, 'shop', server.user, server.password), signal, async (session) => {
      const { n } = await session.one<{ n: string }>('select count(*)::text as n from public.orders')
      return n
    })
  const wanted = await count(source)
  const deadline = Date.now() + 30_000
  let there = await count(target)
  while (there !== wanted && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    there = await count(target)
  }
  say(`Orders on the source: ${wanted}; on the target: ${there}.`)
  if (there !== wanted) throw new BeltError('demo-failed', 'the target did not catch up within 30 s')
}

async function keep(input: DemoInput, stage: Stage, env: Readonly<Record<string, string>>): Promise<void> {
  const { say } = input
  const { source, target, folder } = stage
  const servers = [source, target]
  for (const server of servers) await server.keep()
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`)
  await writeFile(path.join(folder, 'env.sh'), `${lines.join('\n')}\n`, { mode: 0o600 })
  await writeFile(path.join(folder, SERVERS_FILE), JSON.stringify(servers.map((server) => server.folder)))
  say(`Left for you in ${folder}: belt.yaml, the plan, the state, and env.sh with the passwords.`)
  for (const server of servers) {
    say(`  Postgres ${String(server.major)}: postgresql://${server.user}@${server.host}:${String(server.port)}/shop`)
  }
  say(`Go on with: cd ${folder} && . ./env.sh && belt status`)
  say(`End it with: belt demo --stop ${folder}`)
}

/** Stops the servers an earlier `belt demo --keep` left in a folder, and removes it. */
export async function stopDemo(folder: string, say: (text: string) => void): Promise<void> {
  const text = await readFile(path.join(folder, SERVERS_FILE), 'utf8').catch((cause: unknown) => {
    throw new BeltError('demo-folder', `${folder} is not the folder of a demo that was kept`, { cause })
  })
  const folders: unknown = JSON.parse(text)
  for (const server of Array.isArray(folders) ? folders : []) {
    if (typeof server === 'string') await stopKeptServer(server)
  }
  await rm(folder, { recursive: true, force: true })
  say('Both servers are stopped and their files removed.')
}
