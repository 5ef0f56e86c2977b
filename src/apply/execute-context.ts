import type { ActionId } from '../actions/base.js'
import type { Action, ActionKind, ActionOf } from '../actions/action.js'
import type { ProbeResult } from '../actions/base.js'
import type { Side } from '../core/side.js'
import type { Session } from '../postgres/session.js'
import type { OpenState } from '../state/state-store.js'
import type { Evidence } from '../state/state.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput, Patience } from './apply-input.js'
import type { TableGuard } from './table-guard.js'

/** What executors work with during one run. */
export interface ExecuteContext {
  readonly input: ApplyInput
  readonly state: OpenState
  readonly patience: Patience
  /** Fires to cancel on the servers: the user insisted, or the run lock was lost. */
  readonly signal: AbortSignal
  /** Fires to end waits: the user asked to stop, or `signal`. */
  readonly stop: AbortSignal
  /** Actions of this plan that a run began and was killed in. */
  readonly cutShort: ReadonlySet<ActionId>
  /** Sessions of the actions that run alone. */
  readonly work: Readonly<Record<Side, Session>>
  /** Sessions that only look; never in a transaction. */
  readonly watch: Readonly<Record<Side, Session>>
  /** Inside a pause: keeps the fenced side's tables from being written. */
  readonly guard?: TableGuard
  /** A session of an action's own. */
  withSession<Result>(side: Side, use: (session: Session) => Promise<Result>): Promise<Result>
  /** Throws `lock-lost` unless this run still holds the lock. To be called before anything is changed. */
  fence(): Promise<void>
  emit(happening: ApplyHappening): void
}

/** Carries out one action that its probe found `absent` or `broken`, and gives the proof to keep. */
export type Executor<A extends Action> = (action: A, context: ExecuteContext, found: ProbeResult) => Promise<Evidence>

export type Executors = { readonly [K in ActionKind]: Executor<ActionOf<K>> }
