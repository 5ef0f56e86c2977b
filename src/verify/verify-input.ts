import type { PublishedTable } from '../catalog/replication.js'
import type { Side } from '../core/side.js'
import type { ConnectionSettings } from '../postgres/connection-settings.js'

/** What a comparison of both sides at one position of the source's log needs. */
export interface PairingInput {
  readonly connections: Readonly<Record<Side, ConnectionSettings>>
  readonly subscription: string
  /** Or replication sets. */
  readonly publications: readonly string[]
  readonly slot: string
  readonly tables: readonly PublishedTable[]
  /** Stops apply: the plan's own statement, after the intent to let it go on has been written down. */
  readonly pause: () => Promise<void>
  /** Lets apply go on. Called exactly once after `pause` was begun, whatever happens, also after the signal fired. */
  readonly resume: () => Promise<void>
  /** Milliseconds to wait for the apply worker to end and the slot to be free; 60,000. */
  readonly patienceMs?: number
}
