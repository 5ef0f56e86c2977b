import type { FactKey } from '../catalog/facts.js'
import type { Side } from '../core/side.js'

/** Stable name of an action, e.g. `index.public.orders_customer_idx`: the same in every plan that needs it. */
export type ActionId = string & { readonly __actionId: true }

/** Headings of a plan, in order. They group what a reader sees; what waits for what stands in `after`. */
export const PHASES = [
  'restart',
  'access',
  'roles',
  'schema',
  'replication',
  'copy',
  'build',
  'verify',
  'before pause',
  'pause',
  'after pause',
  'remove',
] as const
export type Phase = (typeof PHASES)[number]

/** `+` create, `~` change, `-` drop, `>` run, `=` gate, `!` repair. */
export type Operation = 'create' | 'change' | 'drop' | 'run' | 'gate' | 'repair'

export type LockMode =
  | 'ACCESS SHARE'
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE'

/** The strongest lock an action takes on a relation that already holds rows or serves an application. */
export interface Lock {
  readonly mode: LockMode
  readonly relation: string
}

/** What an action risks, judged by side, phase and size. `code` is what an approval names. */
export interface Hazard {
  readonly code: string
  readonly message: string
  /** The action runs only with an approval in the spec that names this hazard and the action. */
  readonly approval?: true
}

/** Where a secret that stands as a placeholder in SQL comes from when the SQL runs. */
export type SecretSource =
  /** A secret reference of the spec, by dotted path, e.g. `roles.replication.password`. */
  | { readonly from: 'spec'; readonly path: string }
  /** The password verifier of a role, read from the source's pg_authid. */
  | { readonly from: 'role-verifier'; readonly role: string }
  /** An option of a foreign server or user mapping, read from the source. */
  | { readonly from: 'foreign-option'; readonly server: string; readonly user?: string; readonly option: string }

/**
 * A placeholder in an action's SQL. `as` says what text takes its place:
 * `literal` a string constant; `scram` a string constant with the SCRAM-SHA-256 verifier of the secret;
 * `conninfo` the bare value quoted for a connection string that itself stands inside a string constant.
 */
export interface SecretUse {
  readonly placeholder: string
  readonly source: SecretSource
  readonly as: 'literal' | 'scram' | 'conninfo'
}

export interface Timeouts {
  /** Milliseconds one try may wait for a lock; the statement is tried again after it. Absent: no limit. */
  readonly lockMs?: number
  readonly statementMs?: number
}

/**
 * What every action has. An action is data: it can be written to a file, reviewed and carried out by another
 * process. `sql` is all that will change a database, word for word but for its placeholders.
 */
export interface ActionBase<K extends string> {
  readonly kind: K
  readonly id: ActionId
  readonly side: Side
  readonly phase: Phase
  readonly operation: Operation
  /** What a reader sees after the operation's sign, e.g. `table public.orders`. */
  readonly title: string
  /** Why it is needed or how it is done, when the title does not say; one sentence. */
  readonly note?: string
  readonly sql: readonly string[]
  /** `one`: all statements in one transaction; `none`: each by itself outside a transaction. */
  readonly transaction: 'one' | 'none'
  readonly after: readonly ActionId[]
  /** Facts it was planned from: if one has changed since, the plan is stale for this action. */
  readonly reads: readonly FactKey[]
  readonly locks: readonly Lock[]
  readonly timeouts: Timeouts
  readonly hazards: readonly Hazard[]
  readonly secrets: readonly SecretUse[]
  /**
   * Inside a handover: SQL on the action's own side that puts back what it changed when the handover is given up before
   * the point of no return.
   */
  readonly abort?: readonly string[]
  /** SQL or words that take it back. */
  readonly undo?: string
  /** Dotted path of the spec setting it comes from. */
  readonly specPath?: string
}

/** What a probe finds: not there yet, there as wanted, or there but unusable (then the action repairs it). */
export type ProbeResult = 'absent' | 'done' | 'broken'

export function actionId(word: string, ...parts: readonly string[]): ActionId {
  return [word.replaceAll(' ', '-'), ...parts].join('.') as ActionId
}
