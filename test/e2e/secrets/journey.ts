import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { quoteLiteral } from '../../../src/core/quote.js'
import type { StartOptions } from '../../../src/embedded/server.js'
import type { EngineName, Stage } from '../../../src/spec/spec.js'
import { databaseOf, freshDatabase, sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { startBelt, type BeltRun } from '../../support/run-belt.js'
import { ownServer, type TestServer } from '../../support/servers.js'
import { createRole, leaks, plant, quietly, type Planted } from './planted.js'
import { watchProcess } from './processes.js'

/** Everything is logged and counted that a server can log and count. */
const TALKATIVE = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_min_error_statement: 'info',
  log_replication_commands: 'on',
  'auto_explain.log_min_duration': '0',
  // Who said it: belt's sessions have a name of their own.
  log_line_prefix: '%m [%p] <%a> ',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_utility': 'on',
}

function talkative(options: StartOptions): StartOptions {
  const libraries = [options.settings?.['shared_preload_libraries'], 'pg_stat_statements', 'auto_explain']
  const shared_preload_libraries = libraries.filter((name) => name !== undefined).join(', ')
  return { ...options, settings: { ...options.settings, ...TALKATIVE, shared_preload_libraries } }
}

export interface SecretJourney {
  /** A folder of Postgres programs that belt finds in its PATH. */
  readonly pathOfTools?: string
  readonly engine?: EngineName
  readonly from?: StartOptions
  readonly to?: StartOptions
  /** Goes on to a cutover and back, and to a password that somebody changes under a running subscription. */
  readonly further?: boolean
}

export interface Shown {
  readonly leaks: readonly string[]
  /** How many texts were read through. */
  readonly read: number
  /** Lines in which pglogical's own workers wrote a connection string into a server's log; nothing of belt's is left out. */
  readonly ofWorkers: number
}

/** The whole journey with a secret in every place for one, failures included; gives every place where one shows. */
export async function journeyWithSecrets(journey: SecretJourney = {}): Promise<Shown> {
  const { pathOfTools, engine = 'native', from = { major: 15 }, to = { major: 17 }, further = false } = journey
  const servers = await Promise.all([ownServer(talkative(from)), ownServer(talkative(to))])
  onTestFinished(async () => {
    await Promise.all(servers.map((s) => s.stop()))
  })
  const source = await freshDatabase(servers[0], 'secret')
  const target = await freshDatabase(servers[1], 'secret')
  const secret = {
    sourceAdmin: plant('source admin'),
    targetAdmin: plant('target admin'),
    replication: plant('replication role'),
    app: plant('application role'),
    mapping: plant('user mapping'),
    server: plant('server option'),
    wrong: plant('wrong password'),
    changed: plant('changed password'),
  }
  const app = uniqueName('app')
  await prepare(source, secret, app)
  await quietly(target, [
    createRole('mover', 'superuser login', secret.targetAdmin),
    'create extension pg_stat_statements',
  ])
  const verifiers = await verifiersOf(source)

  const cwd = await mkdtemp(path.join(tmpdir(), 'belt-secret-'))
  const hidden = await mkdtemp(path.join(tmpdir(), 'belt-hidden-'))
  onTestFinished(() =>
    Promise.all([rm(cwd, { recursive: true }), rm(hidden, { recursive: true })]).then(() => undefined),
  )
  await writeFile(path.join(hidden, 'target'), `${secret.targetAdmin.value}\n`)
  await writeFile(path.join(hidden, 'replication'), `${secret.replication.value}\n`)

  const shown: (readonly [name: string, text: string])[] = []
  const spec = async (more: Pick<SpecParts, 'reachablePort'> & Partial<SpecParts>): Promise<void> =>
    writeFile(path.join(cwd, 'belt.yaml'), specText({ target, app, hidden, source, engine, ...more }))
  const belt = async (args: readonly string[], wrong?: Planted): Promise<BeltRun> => {
    // In no environment: the command that prints a secret gets belt's own.
    const login = encodeURIComponent((wrong ?? secret.sourceAdmin).value)
    await writeFile(
      path.join(hidden, 'source'),
      `postgres://mover:${login}@${source.host}:${String(source.port)}/${source.database}?sslmode=disable\n`,
    )
    const env = pathOfTools === undefined ? {} : { PATH: `${pathOfTools}:${process.env['PATH'] ?? ''}` }
    const running = await startBelt(args, { cwd, env })
    const watch = watchProcess(running.pid)
    const run = await running.done
    for (const text of await watch.stop()) shown.push([`process of belt ${args.join(' ')}`, text])
    shown.push([`stdout of belt ${args.join(' ')}`, run.stdout], [`stderr of belt ${args.join(' ')}`, run.stderr])
    return run
  }

  // The source is said to be where nobody listens, so the subscription cannot be made.
  await spec({ reachablePort: 1 })
  const valid = await belt(['validate', '--debug'])
  expect(valid, valid.stderr).toMatchObject({ code: 0 })
  const wrong = await belt(['plan', '--debug'], secret.wrong)
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('(wrong-password)') as string })
  const plan = await belt(['plan', '--debug', '--out', 'plan.json', '--html', 'plan.html', '--sql'])
  expect(plan, plan.stdout + plan.stderr).toMatchObject({ code: 0 })
  await belt(['plan', '--json'])
  await belt(['show', 'plan.json', '--markdown'])

  await sql(
    target,
    `create schema guard;
     create function guard.refuse() returns event_trigger language plpgsql as $$ begin raise exception 'no mappings here: %', current_query(); end $$;
     create event trigger refuse on ddl_command_start when tag in ('CREATE USER MAPPING') execute function guard.refuse()`,
  )
  const refused = await belt(['apply', 'plan.json', '--debug'])
  expect(refused, refused.stderr).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('no mappings here') as string,
  })
  await sql(target, 'drop event trigger refuse; drop schema guard cascade')
  const unreachable = await belt(['apply', 'plan.json', '--json', '--debug'])
  expect(unreachable, unreachable.stderr).toMatchObject({ code: 4 })
  expect(unreachable.stderr).toMatch(/could not\s+connect to the\s+(publisher|postgresql server)/)
  // pglogical gives the whole connection string as a detail.
  if (engine === 'pglogical') expect(unreachable.stderr).toMatch(/dsn\s+was:.*\[redacted\]/s)
  // belt's own connection is as well as before.
  expect(unreachable.stderr).not.toMatch(/was\s+lost/)
  await belt(['status'])

  await spec({ reachablePort: source.port })
  const second = await belt(['plan', '--out', 'second.json'])
  expect(second, second.stdout + second.stderr).toMatchObject({ code: 0 })
  const applied = await belt(['apply', 'second.json', '--debug'])
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  for (const args of [
    ['status', '--json'],
    ['drift', '--json'],
    ['state', 'show'],
    ['state', 'show', '--json'],
    ['plan', '--debug'],
  ]) {
    expect(await belt(args)).toMatchObject({ code: 0 })
  }
  // What was carried over works: the application logs in on the target as it did on the source.
  await sql(target, `grant connect on database "${target.database}" to "${app}"`)
  expect(await sql({ ...target, user: app, password: secret.app.value }, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(
    await sql(
      target,
      `select o.option_name, o.option_value from pg_user_mappings as m, pg_options_to_table(m.umoptions) as o order by 1`,
    ),
  ).toEqual(
    await sql(
      source,
      `select o.option_name, o.option_value from pg_user_mappings as m, pg_options_to_table(m.umoptions) as o order by 1`,
    ),
  )

  if (further) {
    for (const stage of ['cutover', 'rolled-back'] as const) {
      await spec({ reachablePort: source.port, stage })
      const handedOver = await belt(['apply', '--yes', '--debug'])
      expect(handedOver, handedOver.stderr).toMatchObject({ code: 0 })
    }
    await spec({ reachablePort: source.port })
    expect(await belt(['apply', '--yes', '--debug'])).toMatchObject({ code: 0 })
    await quietly(source, [`alter role belt_replication password ${quoteLiteral(secret.changed.value)}`])
    await sql(source, `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'`)
    await expect
      .poll(async () => (await belt(['drift', '--debug'])).stdout, { timeout: 60_000 })
      .toMatch(/replication-password|drift-subscription/)
    for (const args of [['status'], ['status', '--json', '--debug'], ['drift', '--json'], ['plan', '--sql', '--debug']])
      await belt(args)
  }

  for (const [name, text] of await filesIn(cwd)) shown.push([name, text])
  let ofWorkers = 0
  for (const database of [source, target]) {
    const log = linesOf(await readFile(database.server.logFile, 'utf8'))
    ofWorkers += log.workers.length
    shown.push([`log of ${String(database.server.major)}`, log.others.join('\n')])
    const statements = await sql<{ query: string }>(
      databaseOf(database.server, database.database),
      'select query from pg_stat_statements',
    )
    shown.push([`pg_stat_statements of ${String(database.server.major)}`, statements.map((s) => s.query).join('\n')])
  }
  const all = [...Object.values(secret), ...verifiers, ...(await verifiersOf(target))]
  return { leaks: shown.flatMap(([name, text]) => leaks(name, text, all)), read: shown.length, ofWorkers }
}

async function prepare(
  source: TestDatabase,
  secret: Readonly<Record<'sourceAdmin' | 'app' | 'mapping' | 'server', Planted>>,
  app: string,
): Promise<void> {
  await quietly(source, [
    createRole('mover', 'superuser login', secret.sourceAdmin),
    createRole(app, 'login', secret.app),
    'create extension pg_stat_statements',
    'create extension postgres_fdw',
    `create server elsewhere foreign data wrapper postgres_fdw options (host 'elsewhere.example', dbname ${quoteLiteral(secret.server.value)})`,
    `create user mapping for "${app}" server elsewhere options (user 'someone', password ${quoteLiteral(secret.mapping.value)})`,
    `create table orders (id bigint primary key, total numeric)`,
    `insert into orders select i, i from generate_series(1, 100) as i`,
    `grant select on orders to "${app}"`,
  ])
}

/** The stored and server keys behind every password of a server. */
async function verifiersOf(database: TestDatabase): Promise<readonly Planted[]> {
  const rows = await sql<{ name: string; password: string }>(
    database,
    'select rolname::text as name, rolpassword as password from pg_authid where rolpassword is not null',
  )
  return rows.flatMap(({ name, password }) =>
    (password.split('$')[2] ?? '').split(':').map((key) => ({ where: `verifier of ${name}`, value: key })),
  )
}

/** pglogical's workers tell the log how they could not connect, password and all, which nobody can keep them from. */
function linesOf(log: string): { readonly workers: readonly string[]; readonly others: readonly string[] } {
  const ofWorker = (line: string): boolean => /<pglogical [^>]*> DETAIL: {2}dsn was:/.test(line)
  const lines = log.split('\n')
  return { workers: lines.filter(ofWorker), others: lines.filter((line) => !ofWorker(line)) }
}

interface SpecParts {
  readonly source: TestServer | TestDatabase
  readonly target: TestDatabase
  readonly app: string
  readonly hidden: string
  readonly reachablePort: number
  readonly engine: EngineName
  readonly stage?: Stage
}

const APPROVED = [
  ['write-pause', 'fence.source'],
  ['write-pause', 'fence.target'],
  ['point-of-no-return', 'no-return.target'],
  ['point-of-no-return', 'no-return.source'],
] as const

function specText({ source, target, app, hidden, reachablePort, engine, stage = 'replicating' }: SpecParts): string {
  return `version: 1
name: secrets
stage: ${stage}
engine: ${engine}
source: { url: { file: ${hidden}/source }, reachable_at: { host: ${source.host}, port: ${String(reachablePort)}, tls: disable } }
target: { host: ${target.host}, port: ${String(target.port)}, database: ${target.database}, tls: disable,
  admin: { user: mover, password: { command: [cat, ${hidden}/target] } } }
roles:
  replication: { name: belt_replication, password: { file: ${hidden}/replication } }
  copy: [${app}]
approve:
${APPROVED.map(([hazard, action]) => `  - { hazard: ${hazard}, action: ${action}, reason: test, until: 2999-12-31 }`).join('\n')}
`
}

async function filesIn(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((e) => e.isFile())
      .map(async (e) => {
        const file = path.join(e.parentPath, e.name)
        return [file, await readFile(file, 'utf8')] as const
      }),
  )
}
