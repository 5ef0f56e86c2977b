import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import { uniqueName, type Login, type TestDatabase } from '../../../support/databases.js'
import { endReplicationAfterwards } from '../../../support/end-replication.js'
import { runBelt, startBelt, type BeltRun, type RunningBelt } from '../../../support/run-belt.js'

export interface MoveOptions {
  readonly source: TestDatabase
  readonly target: TestDatabase
  /** Default: unique. */
  readonly name?: string
  /** More of the spec, merged over what every spec here has. */
  readonly spec?: Readonly<Record<string, unknown>>
  /** Who belt logs in as; default: the superuser. */
  readonly admins?: { readonly source?: Login; readonly target?: Login }
  readonly replication?: { readonly name: string; readonly password: string }
}

/** A spec in a folder of its own, and belt run there as a user would. */
export interface Move {
  readonly name: string
  readonly cwd: string
  readonly source: TestDatabase
  readonly target: TestDatabase
  readonly replication: { readonly name: string; readonly password: string }
  readonly belt: (...args: readonly string[]) => Promise<BeltRun>
  readonly start: (...args: readonly string[]) => Promise<RunningBelt>
  /** `belt plan --json`, read. */
  readonly plan: () => Promise<PlanJson>
  /** Plans into a file and applies it; throws with everything belt printed when either fails. */
  readonly apply: () => Promise<PlanJson>
}

export interface PlanJson {
  readonly applicable: boolean
  readonly changes: boolean
  readonly plan: {
    readonly from: string
    readonly lineage: string
    readonly actions: readonly PlannedAction[]
    readonly deferred: readonly { readonly what: string }[]
    readonly diagnostics: readonly Finding[]
  }
}

export interface PlannedAction {
  readonly id: string
  readonly kind: string
  readonly side: string
  readonly title: string
  readonly sql: readonly string[]
  readonly tables?: readonly { readonly schema: string; readonly name: string }[]
}

export interface Finding {
  readonly severity: string
  readonly code: string
  readonly side?: string
  readonly subject?: string
  readonly message: string
  readonly fix?: string
}

/** The folder goes with the temporary folder of the run. */
export async function move(options: MoveOptions): Promise<Move> {
  const { source, target, name = uniqueName('move'), spec = {} } = options
  const replication = options.replication ?? { name: uniqueName('belt_repl'), password: uniqueName('repl-secret') }
  const logins = { source: options.admins?.source ?? source, target: options.admins?.target ?? target }
  const cwd = await mkdtemp(path.join(tmpdir(), 'belt-breadth-'))
  endReplicationAfterwards(source, target)
  const text = stringify({
    version: 1,
    name,
    stage: 'replicating',
    source: side(logins.source, 'SOURCE_PASSWORD'),
    target: side(logins.target, 'TARGET_PASSWORD'),
    ...spec,
    roles: {
      replication: { name: replication.name, password: { env: 'REPLICATION_PASSWORD' } },
      ...(spec['roles'] as object | undefined),
    },
  })
  await writeFile(path.join(cwd, 'belt.yaml'), text)
  const env = {
    SOURCE_PASSWORD: logins.source.password,
    TARGET_PASSWORD: logins.target.password,
    REPLICATION_PASSWORD: replication.password,
  }
  const belt = (...args: readonly string[]): Promise<BeltRun> => runBelt(args, { cwd, env })
  const plan = async (): Promise<PlanJson> => {
    const { stdout, stderr } = await belt('plan', '--json')
    if (!stdout.startsWith('{')) throw new Error(`belt plan --json printed\n${stdout}${stderr}`)
    return JSON.parse(stdout) as PlanJson
  }
  return {
    name,
    cwd,
    source,
    target,
    replication,
    belt,
    start: (...args) => startBelt(args, { cwd, env }),
    plan,
    apply: async () => {
      const made = await belt('plan', '--json', '--out', 'plan.json')
      if (made.code !== 0) throw new Error(`belt plan ended with ${made.code}\n${made.stdout}${made.stderr}`)
      const applied = await belt('apply', 'plan.json')
      if (applied.code !== 0)
        throw new Error(`belt apply ended with ${applied.code}\n${applied.stdout}${applied.stderr}`)
      return JSON.parse(made.stdout) as PlanJson
    },
  }
}

function side({ host, port, database, user }: Login, password: string): object {
  return { host, port, database, tls: 'disable', admin: { user, password: { env: password } } }
}

/** The findings of a plan that stop it, as `code subject-or-message`. */
export function errorsOf({ plan }: PlanJson): readonly string[] {
  return plan.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
}
