import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import type { State } from '../../../src/state/state.js'
import { uniqueName, type TestDatabase } from '../../support/databases.js'
import { endReplicationAfterwards } from '../../support/end-replication.js'
import { runBelt, startBelt, type BeltOptions, type BeltRun, type RunningBelt } from '../../support/run-belt.js'
import type { DatabasePair } from '../../support/servers.js'

/** A folder with a spec for two databases, where belt is run as a user would run it. */
export interface Move extends DatabasePair {
  readonly cwd: string
  /** Name of the migration, by which its sessions can be told from those of others. */
  readonly name: string
  readonly replicationRole: string
  readonly secrets: readonly string[]
  belt(...args: readonly string[]): Promise<BeltRun>
  beltWith(options: Partial<BeltOptions>, ...args: readonly string[]): Promise<BeltRun>
  start(...args: readonly string[]): Promise<RunningBelt>
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<RunningBelt>
  /** Kills itself at a boundary, as BELT_FAULT names it. */
  killedAt(fault: string, ...args: readonly string[]): Promise<BeltRun>
  /** Saves a plan as plan.json (or another name) and gives it; fails the test unless it can be made. */
  plan(file?: string): Promise<Plan>
  state(): Promise<State>
  readonly statePath: string
  /** Writes the spec again with other lines at its end. */
  respec(more: readonly string[]): Promise<void>
}

export interface MoveOptions {
  /** Further lines of the spec. */
  readonly more?: readonly string[]
  readonly copyRoles?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export async function moveBetween({ source, target }: DatabasePair, options: MoveOptions = {}): Promise<Move> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'belt-move-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  endReplicationAfterwards(source, target)
  const name = uniqueName('m')
  const replicationRole = uniqueName('repl')
  const secrets = {
    SOURCE_ADMIN_PASSWORD: source.password,
    TARGET_ADMIN_PASSWORD: target.password,
    BELT_REPLICATION_PASSWORD: uniqueName('replication-secret'),
  }
  const env = { ...secrets, ...options.env }
  const roles = { replicationRole, copy: options.copyRoles ?? [] }
  const respec = (more: readonly string[]): Promise<void> =>
    writeFile(path.join(cwd, 'belt.yaml'), specText(name, { source, target }, roles, more))
  await respec(options.more ?? [])
  const beltWith: Move['beltWith'] = (more, ...args) => runBelt(args, { cwd, ...more, env: { ...env, ...more.env } })
  const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))
  const statePath = path.join(cwd, '.belt', `${name}.state.json`)
  return {
    source,
    target,
    cwd,
    name,
    replicationRole,
    secrets: Object.values(secrets),
    belt: (...args) => beltWith({}, ...args),
    beltWith,
    start: (...args) => startBelt(args, { cwd, env }),
    startWith: (more, ...args) => startBelt(args, { cwd, env: { ...env, ...more } }),
    killedAt: (fault, ...args) => beltWith({ env: { BELT_FAULT: fault } }, ...args),
    plan: async (file = 'plan.json') => {
      const run = await beltWith({}, 'plan', '--out', file)
      if (run.code !== 0) throw new Error(`no plan (${String(run.code)}):\n${run.stdout}\n${run.stderr}`)
      return (await readJson(path.join(cwd, file))) as Plan
    },
    statePath,
    state: async () => (await readJson(statePath)) as State,
    respec,
  }
}

interface Roles {
  readonly replicationRole: string
  readonly copy: readonly string[]
}

function specText(name: string, { source, target }: DatabasePair, roles: Roles, more: readonly string[]): string {
  const copy = roles.copy.length === 0 ? '' : `, copy: [${roles.copy.map((r) => JSON.stringify(r)).join(', ')}]`
  return [
    'version: 1',
    `name: ${name}`,
    'stage: replicating',
    ...side('source', source),
    ...side('target', target),
    `roles: { replication: { name: ${roles.replicationRole}, password: { env: BELT_REPLICATION_PASSWORD } }${copy} }`,
    ...more,
    '',
  ].join('\n')
}

function side(name: string, { host, port, database, user }: TestDatabase): readonly string[] {
  const password = `${name.toUpperCase()}_ADMIN_PASSWORD`
  return [
    `${name}: { host: "${host}", port: ${String(port)}, database: "${database}", tls: disable,`,
    `  admin: { user: "${user}", password: { env: ${password} } } }`,
  ]
}
