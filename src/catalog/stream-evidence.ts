import type { Side } from '../core/side.js'
import type { LoginProbe } from './login-probe.js'
import type { QualifiedName } from './schema-script.js'

/** What a live look tells of a subscription beyond both catalogs. It changes by itself and is never a fact. */
export interface StreamEvidence {
  /** The side that subscribes. */
  readonly subscriber: Side
  readonly subscription: string
  /** What came of logging in to the side that publishes with the name and password that the subscription holds. */
  readonly held: HeldLogin
  /** The same of the login by which pglogical on the subscriber reaches its own database. */
  readonly heldHere?: HeldLogin
  /**
   * `restarting`: the worker ends and is started again, however often it is seen running. `starting`: it is not there
   * and nothing says that it fails.
   */
  readonly worker: 'steady' | 'restarting' | 'starting' | 'absent'
  /** Of its workers, newest first, as the subscriber's log tells. */
  readonly failures: readonly WorkerFailure[]
  /** Whether that log could be looked at. */
  readonly log: 'read' | 'not on the server' | 'forbidden'
  /** Background workers for replication that run on the subscriber's server or should, and how many may. */
  readonly workers: { readonly running: number; readonly limit: number; readonly setting: string }
  /** Who else reads the slot: only told while the subscription itself does not. */
  readonly slotReader?: { readonly pid: number; readonly application: string; readonly address: string }
}

/** `unread`: belt may not read the password, there is none, or the address has a form that belt does not take apart. */
export type HeldLogin = LoginProbe | 'unread'

/** Why a worker ended, in the server's words but for values of rows. */
export interface WorkerFailure {
  /** Seconds ago; undefined where the log's lines carry no time. */
  readonly secondsAgo: number | undefined
  /** Where the log has it (csvlog, jsonlog). */
  readonly sqlState: string | undefined
  readonly message: string
  /** The table it was about, where the server names it. */
  readonly table: QualifiedName | undefined
  /** `Key (id)=(7)`, of a row that was there already. */
  readonly key: string | undefined
}
