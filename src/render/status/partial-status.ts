import type { Subscription, TableSyncState } from '../../catalog/replication.js'
import type { Side } from '../../core/side.js'
import type { ServerIdentity } from '../../plan/plan.js'
import type { Stage } from '../../spec/spec.js'
import type { Status } from './status.js'

/** A server that could not be looked at. */
export interface Unreached {
  readonly reached: false
  readonly host: string
  readonly port: number
  readonly database: string
  /** Of the error, whose message is redacted. */
  readonly code: string
  readonly message: string
}

/** What one server tells by itself, while the other one is silent. */
export interface Reached {
  readonly reached: true
  readonly server: ServerIdentity
  /** By belt's own records there; absent where it has none of this migration. */
  readonly applications?: 'let in' | 'kept out'
  /** The side that its records say was opened by a handover. */
  readonly serves?: Side
  readonly subscriptions: readonly (Pick<Subscription, 'name' | 'enabled'> & {
    readonly running: boolean
    readonly tables: Readonly<Partial<Record<TableSyncState, number>>>
  })[]
  readonly slots: readonly {
    readonly name: string
    readonly active: boolean
    readonly retainedBytes: number
    readonly walStatus?: string
  }[]
}

export type SideSeen = Reached | Unreached

/** What `belt status` tells when a server cannot be reached: the state, and what the other one says. */
export interface PartialStatus extends Pick<
  Status,
  'name' | 'wanted' | 'run' | 'verifications' | 'pauses' | 'failed' | 'holder'
> {
  /** As the state has it; what has happened since it was written is not in it. */
  readonly recordedStage?: Stage
  readonly source: SideSeen
  readonly target: SideSeen
  readonly state: Status['state'] & { readonly error?: string }
}
