import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import type { Plan } from '../../../../src/plan/plan.js'
import type { Stage } from '../../../../src/spec/spec.js'
import type { State } from '../../../../src/state/state.js'
import { uniqueName } from '../../../support/databases.js'
import { endReplicationAfterwards } from '../../../support/end-replication.js'
import { runBelt, startBelt, type BeltRun, type RunningBelt } from '../../../support/run-belt.js'
import type { DatabasePair } from '../../../support/servers.js'

export interface MigrationOptions {
  /** More of the spec, merged over what every spec here has. */
  readonly spec?: Readonly<Record<string, unknown>>
  /** How the target reaches the source, where not as belt does. */
  readonly sourceReachableAt?: Readonly<Record<string, unknown>>
  /** Approvals beside those of a handover and a restart, as `hazard#action`. */
  readonly approve?: readonly string[]
  /** Application roles that belt makes on the target. */
  readonly copyRoles?: readonly string[]
  /** A replication role that is there already; otherwise belt makes one of a new name. */
  readonly replication?: { readonly name: string; readonly password: string }
}

/** One migration whose spec is asked for one stage after the other, as its operator would. */
export interface Migration extends DatabasePair {
  readonly name: string
  readonly cwd: string
  readonly replicationRole: string
  /** What the spec gave it at first. */
  readonly replicationPassword: string
  readonly statePath: string
  belt(...args: readonly string[]): Promise<BeltRun>
  start(...args: readonly string[]): Promise<RunningBelt>
  /** All that its belts have printed. */
  readonly said: readonly string[]
  /** From now on the spec gives the replication role another password. */
  give(password: string): void
  /** Kills itself at a boundary, as BELT_FAULT names it. */
  killedAt(fault: string, ...args: readonly string[]): Promise<BeltRun>
  /** Writes the spec anew for a stage; every approval a handover needs stands in it unless `approved` is false. */
  ask(stage: Stage, approved?: boolean, more?: Readonly<Record<string, unknown>>): Promise<void>
  /** Saves a plan as plan.json and gives it; fails the test unless it can be made. */
  plan(...flags: readonly string[]): Promise<Plan>
  /** Asks, plans and applies; fails the test unless the stage is reached, that is a plan made afterwards is empty. */
  reach(stage: Stage): Promise<Plan>
  state(): Promise<State>
}

const APPROVED = [
  ['write-pause', 'fence.source'],
  ['write-pause', 'fence.target'],
  ['point-of-no-return', 'no-return.target'],
  ['point-of-no-return', 'no-return.source'],
  ['truncate-target', 'truncate.target'],
] as const

export async function migration({ source, target }: DatabasePair, options: MigrationOptions = {}): Promise<Migration> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'belt-handover-'))
  endReplicationAfterwards(source, target)
  const name = uniqueName('life')
  const { name: replicationRole, password } = options.replication ?? {
    name: uniqueName('repl'),
    password: uniqueName('secret'),
  }
  const env = {
    SOURCE_PASSWORD: source.password,
    TARGET_PASSWORD: target.password,
    REPLICATION_PASSWORD: password,
  }
  const more = (options.approve ?? []).map((entry) => entry.split('#') as [string, string])
  const approve = [...APPROVED, ...more].map(([hazard, action]) => ({
    hazard,
    action,
    reason: 'test',
    until: '2999-12-31',
  }))
  const ask: Migration['ask'] = (stage, approved = true, more = {}) =>
    writeFile(
      path.join(cwd, 'belt.yaml'),
      stringify({
        version: 1,
        name,
        stage,
        source: {
          ...side(source, 'SOURCE_PASSWORD'),
          ...(options.sourceReachableAt === undefined ? {} : { reachable_at: options.sourceReachableAt }),
        },
        target: side(target, 'TARGET_PASSWORD'),
        roles: {
          replication: { name: replicationRole, password: { env: 'REPLICATION_PASSWORD' } },
          copy: options.copyRoles ?? [],
        },
        ...options.spec,
        ...more,
        ...(approved ? { approve } : {}),
      }),
    )
  const said: string[] = []
  const run = async (more: Readonly<Record<string, string>>, args: readonly string[]): Promise<BeltRun> => {
    const run = await runBelt(args, { cwd, env: { ...env, ...more } })
    said.push(run.stdout, run.stderr)
    return run
  }
  const belt = (...args: readonly string[]): Promise<BeltRun> => run({}, args)
  const statePath = path.join(cwd, '.belt', `${name}.state.json`)
  const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))
  const plan = async (...flags: readonly string[]): Promise<Plan> => {
    await must(belt('plan', '--out', 'plan.json', ...flags), 'plan')
    return (await readJson(path.join(cwd, 'plan.json'))) as Plan
  }
  return {
    source,
    target,
    name,
    cwd,
    replicationRole,
    replicationPassword: password,
    statePath,
    belt,
    start: (...args) => startBelt(args, { cwd, env }),
    said,
    give: (other) => {
      env.REPLICATION_PASSWORD = other
    },
    killedAt: (fault, ...args) => run({ BELT_FAULT: fault }, args),
    ask,
    plan,
    reach: async (stage) => {
      await ask(stage)
      const made = await plan()
      await must(belt('apply', 'plan.json'), `apply to ${stage}`)
      return made
    },
    state: async () => (await readJson(statePath)) as State,
  }
}

async function must(running: Promise<BeltRun>, what: string): Promise<BeltRun> {
  const run = await running
  if (run.code !== 0) throw new Error(`${what} ended with ${String(run.code)}\n${run.stdout}\n${run.stderr}`)
  return run
}

function side({ host, port, database, user }: DatabasePair['source'], password: string): object {
  return { host, port, database, tls: 'disable', admin: { user, password: { env: password } } }
}
