import type { Action } from '../actions/action.js'
import type { Inspection } from '../catalog/inspection.js'
import type { Side } from '../core/side.js'
import type { SavedPlan } from '../plan/plan-file.js'
import type { Plan } from '../plan/plan.js'
import type { ConnectionSettings, ResolveSecret } from '../postgres/connection-settings.js'
import type { SecretRegistry } from '../postgres/redact.js'
import type { Spec, Stage } from '../spec/spec.js'
import type { StateStore } from '../state/state-store.js'
import type { PauseEvidence } from '../state/pause-mark.js'
import type { State } from '../state/state.js'
import type { ApplyCounts, ApplyEvent } from './apply-event.js'

/** Moments around an action, for tests that end belt there. */
export type Boundary = 'before-intent' | 'after-intent' | 'after-sql' | 'after-record'

/** Milliseconds belt goes on trying or waiting before it stops with the reason. */
export interface Patience {
  /** For locks that others hold, and for the transactions a slot waits for; 600,000. */
  readonly lockMs: number
  /** For the initial copy or the lag while nothing moves at all; 900,000. */
  readonly standstillMs: number
}

export interface ApplyInput {
  readonly spec: Spec
  readonly saved: SavedPlan
  readonly store: StateStore
  /** Of 1 to 24 letters, digits, `_`, `.`, `-`; also the last part of the connections' application name. */
  readonly run: string
  /** The administrator's connections, application name and secrets registry included (settingsOf). */
  readonly connections: Readonly<Record<Side, ConnectionSettings>>
  /** The registry that `connections` use too. */
  readonly secrets: SecretRegistry
  readonly resolveSecret: ResolveSecret
  /** Inspects both sides afresh. */
  readonly inspect: (signal: AbortSignal) => Promise<Inspection>
  /** A new plan for the same spec: what is still to be done after every action was carried out. */
  readonly replan: (inspection: Inspection, state: State | undefined) => Plan
  readonly emit: (event: ApplyEvent) => void
  /** Fires to stop after the running actions; waits end at once. (`signal` of applyPlan cancels on the servers.) */
  readonly stop: AbortSignal
  /** How long to wait for another run's lock, milliseconds; 3,000. */
  readonly lockTimeoutMs?: number
  readonly patience?: Partial<Patience>
  /** Where commands of hooks run, and what their environment begins with; without it they fail. */
  readonly hooks?: { readonly folder: string; readonly env: Readonly<Record<string, string | undefined>> }
  readonly onBoundary?: (point: Boundary, action: Action) => void | Promise<void>
}

export interface ApplyResult {
  readonly counts: ApplyCounts
  /** The stage reached and recorded; undefined when `left` is not empty. */
  readonly stage: Stage | undefined
  /** The plan was made with `--only`, and all that it holds is done. */
  readonly selected?: true
  /** Of the handover that this run has carried out. */
  readonly pause?: PauseEvidence
  /** What a plan made straight afterwards holds; no actions when the stage is reached. */
  readonly left: Plan
}
