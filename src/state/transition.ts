import type { Side } from '../core/side.js'
import type { ServerIdentity } from '../plan/plan.js'
import type { Stage } from '../spec/spec.js'
import type { Evidence, Pair, PausedSubscription, Run } from './state.js'

/** Everything that can happen to a state. A store journals these; times are ISO 8601, UTC. */
export type Transition =
  | { readonly kind: 'run-started'; readonly run: Run }
  | { readonly kind: 'run-finished'; readonly at: string }
  | {
      readonly kind: 'action-running'
      readonly action: string
      readonly plan: string
      readonly run: string
      readonly at: string
    }
  | {
      readonly kind: 'action-done'
      readonly action: string
      readonly plan: string
      readonly run: string
      readonly at: string
      readonly evidence: Evidence
      readonly marks: readonly string[]
    }
  | {
      readonly kind: 'action-failed'
      readonly action: string
      readonly plan: string
      readonly run: string
      readonly at: string
      readonly error: string
    }
  | { readonly kind: 'paused'; readonly paused: PausedSubscription }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'pairs-recorded'; readonly pairs: Readonly<Record<string, Pair>> }
  /** Work that is no action of a plan, with its proof. */
  | { readonly kind: 'mark-set'; readonly mark: string; readonly at: string; readonly evidence: Evidence }
  | { readonly kind: 'marks-dropped'; readonly marks: readonly string[] }
  | { readonly kind: 'stage-reached'; readonly stage: Stage }
  /** The server of a side was promoted or restored: from here on it is known as it is now. */
  | { readonly kind: 'server-identified'; readonly side: Side; readonly server: ServerIdentity }
