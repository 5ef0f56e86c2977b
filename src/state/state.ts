import type { ServerIdentity } from '../plan/plan.js'
import type { Stage } from '../spec/spec.js'

export const STATE_FORMAT = 'belt-state/1'

/** What an action left behind as proof: counts, positions, durations. Plain JSON, no secrets. */
export type Evidence = Readonly<Record<string, unknown>>

/** One `belt apply`. */
export interface Run {
  readonly id: string
  /** Digest of the plan. */
  readonly plan: string
  readonly host: string
  readonly pid: number
  readonly startedAt: string
  readonly finishedAt?: string
}

export interface ActionRecord {
  readonly status: 'running' | 'done' | 'failed'
  /** Digest of the plan it belongs to. */
  readonly plan: string
  readonly run: string
  readonly startedAt: string
  readonly finishedAt?: string
  readonly evidence?: Evidence
  /** Message of the failure, redacted. */
  readonly error?: string
}

/** Fingerprints of one object on both sides when belt made or accepted the pair. */
export interface Pair {
  readonly source: string
  readonly target: string
}

/** What belt remembers of a migration between runs. Never holds a secret. */
export interface State {
  readonly format: typeof STATE_FORMAT
  readonly name: string
  readonly lineage: string
  /** Grows by one with every change; a store refuses to write over a newer one. */
  readonly serial: number
  readonly stage: Stage
  readonly source: ServerIdentity
  readonly target: ServerIdentity
  /** Last run: who and when. */
  readonly run?: Run
  readonly actions: Readonly<Record<string, ActionRecord>>
  /** Finished work that leaves no fact in a catalog, by mark, e.g. `verified table public.orders`. */
  readonly marks: Readonly<Record<string, { readonly at: string; readonly evidence?: Evidence }>>
  /** By object key. */
  readonly pairs: Readonly<Record<string, Pair>>
  /** A subscription that belt disabled for a moment; found here at the start of a run, it is enabled again first. */
  readonly paused?: PausedSubscription
}

/** What to undo when a run died between the two statements of an action that stops apply for a moment. */
export interface PausedSubscription {
  readonly action: string
  readonly subscription: string
  /** The action's own statement that lets apply go on. */
  readonly resume: string
  readonly at: string
}
