import type { ActionId } from '../actions/base.js'
import type { Side } from '../core/side.js'
import type { Stage } from '../spec/spec.js'
import type { PauseEvidence } from '../state/pause-mark.js'
import type { Evidence } from '../state/state.js'

/** A session, prepared transaction or earlier run that belt waits for; no query text, no secret. */
export interface Waiter {
  /** Process number on the server; 0 for a prepared transaction. */
  readonly pid: number
  readonly user: string | null
  readonly application: string | null
  readonly state: string | null
  /** Milliseconds since its transaction began. */
  readonly ageMs: number | null
  /** One line for people, e.g. `psql (process 4711, idle in transaction for 180 s, user app)`. */
  readonly text: string
}

/** How far one table of the initial copy is. */
export interface TableProgress {
  readonly table: string
  readonly bytes: number | undefined
  readonly totalBytes: number | undefined
  readonly rows: number | undefined
}

/** How many actions ended how. `remaining` counts those that were not begun. */
export interface ApplyCounts {
  readonly done: number
  readonly skipped: number
  readonly failed: number
  readonly remaining: number
}

/** What happens during an apply, in order; plain JSON, free of secrets. Times are ISO 8601, UTC. */
export type ApplyEvent = { readonly at: string } & ApplyHappening

export type ApplyHappening =
  | {
      readonly type: 'started'
      readonly run: string
      readonly migration: string
      readonly plan: string
      readonly actions: number
      readonly to: Stage
    }
  | { readonly type: 'lock-waiting'; readonly holder: string }
  | { readonly type: 'orphans-waiting'; readonly side: Side; readonly orphans: readonly Waiter[] }
  | { readonly type: 'inspecting'; readonly why: 'before' | 'after' }
  | {
      readonly type: 'checked'
      readonly pending: number
      readonly done: number
      readonly repairs: number
      readonly resumed: boolean
    }
  | { readonly type: 'notice'; readonly message: string }
  | {
      readonly type: 'action-started'
      readonly action: ActionId
      readonly title: string
      readonly side: Side
      /** Of the actions of the plan, in its order, from 1. */
      readonly number: number
      readonly of: number
      readonly repairs: boolean
    }
  | { readonly type: 'action-skipped'; readonly action: ActionId }
  | {
      readonly type: 'action-progress'
      readonly action: ActionId
      /** What is counted: `bytes`, `blocks`, `rows`, `tables`. */
      readonly unit: string
      readonly done: number
      readonly total: number
      readonly etaSeconds: number | undefined
      readonly detail: string
      readonly tables?: readonly TableProgress[]
    }
  | {
      readonly type: 'action-waiting'
      readonly action: ActionId
      readonly waitedMs: number
      readonly reasons: readonly string[]
      readonly blockers: readonly Waiter[]
    }
  | {
      readonly type: 'action-retried'
      readonly action: ActionId
      readonly attempt: number
      readonly waitMs: number
      readonly because: string
      readonly blockers: readonly Waiter[]
    }
  | { readonly type: 'action-done'; readonly action: ActionId; readonly ms: number; readonly evidence: Evidence }
  | {
      readonly type: 'action-failed'
      readonly action: ActionId
      readonly code: string
      readonly message: string
      readonly hint: string | undefined
    }
  /** The side that was to serve serves, or the handover was given up: how long applications could not write. */
  | ({ readonly type: 'pause' } & PauseEvidence)
  | {
      readonly type: 'finished'
      readonly counts: ApplyCounts
      /** Stage recorded in the state; undefined when apply stopped or something is left to do. */
      readonly stage: Stage | undefined
      /** Titles of actions that a new plan would hold, after every action of this one was done. */
      readonly left: readonly string[]
    }
