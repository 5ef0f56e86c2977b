import type { Action } from '../actions/action.js'
import type { ActionId } from '../actions/base.js'
import type { RunHook } from '../actions/run-hook.js'
import { hasErrors } from '../core/diagnostic.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { EngineName, Stage } from '../spec/spec.js'

export const PLAN_FORMAT = 'belt-plan/1'

/** Which database a plan was made for: a plan is refused on any other. */
export interface ServerIdentity {
  readonly systemIdentifier: string
  readonly database: string
  readonly host: string
  readonly port: number
  readonly major: number
  readonly version: string
  /** Set once it is not the first: the server was promoted or restored. */
  readonly timeline?: number
}

/** Something a later stage will do on purpose, shown so that nobody misses it now. */
export interface Deferred {
  /** e.g. `constraint public.orders.total_positive`. */
  readonly what: string
  readonly until: Stage
  readonly why: string
}

/** Somebody has taken the responsibility for one hazard of one action, until a day (YYYY-MM-DD, UTC, inclusive). */
export interface Approval {
  readonly hazard: string
  readonly action: string
  readonly reason: string
  readonly until: string
}

/** Guess at the size of an action's work, from the catalogs at planning time. */
export interface Estimate {
  readonly rows?: number
  readonly bytes?: number
  /** Seconds on hardware like that of the last measurement; a rough figure. */
  readonly seconds?: number
}

/**
 * A reviewed document: every action that brings both databases from where they are to the stage the spec asks for.
 * All but `volatile` is the same, byte for byte, for the same spec, databases and state.
 */
export interface Plan {
  readonly format: typeof PLAN_FORMAT
  readonly name: string
  /** Identifies the migration: derived from its name and both databases, so it survives a lost state file. */
  readonly lineage: string
  readonly engine: EngineName
  readonly from: Stage
  readonly to: Stage
  readonly specDigest: string
  readonly source: ServerIdentity
  readonly target: ServerIdentity
  /** What `--only` asked for; absent when the plan holds everything on the way to the stage. */
  readonly only?: readonly string[]
  /** In an order in which they can run. */
  readonly actions: readonly Action[]
  /** What runs when the handover of this plan is given up, after the side that served is open again; absent when nothing does. */
  readonly ifGivenUp?: readonly RunHook[]
  /** Value at planning time of every fact some action reads. */
  readonly facts: Readonly<Record<string, string>>
  readonly deferred: readonly Deferred[]
  /** Approvals of the spec that name a hazard of one of the actions. */
  readonly approvals?: readonly Approval[]
  readonly diagnostics: readonly Diagnostic[]
  readonly volatile: PlanVolatile
}

/** Nothing is left to do for the stage, and no apply has recorded yet that it is reached. */
export function isUnrecorded({ actions, only, from, to, diagnostics }: Plan): boolean {
  return actions.length === 0 && only === undefined && from !== to && !hasErrors(diagnostics)
}

/** What changes by itself between two plans of the same thing. */
export interface PlanVolatile {
  readonly createdAt: string
  readonly estimates: Readonly<Record<ActionId, Estimate>>
  /** What goes on right now that the actions may have to wait for. */
  readonly activity: readonly Diagnostic[]
  readonly copyRows: number
  readonly copyBytes: number
}
