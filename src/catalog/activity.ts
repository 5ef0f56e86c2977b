/** A session that may stand in belt's way; query text is never kept. */
export interface OpenSession {
  readonly pid: number
  readonly user: string
  readonly database: string
  readonly application: string
  readonly state: string
  /** Seconds since its transaction began. */
  readonly transactionSeconds: number
  readonly writes: boolean
  readonly backendType: string
}

/** A lock on a table or materialized view of this database, granted to a client whose transaction is open for a while. */
export interface HeldLock {
  readonly pid: number
  readonly user: string
  readonly application: string
  readonly state: string
  readonly transactionSeconds: number
  readonly schema: string
  readonly relation: string
  /** As pg_locks calls it: `AccessShareLock`. */
  readonly mode: string
}

/** What goes on right now; never a fact, only shown. */
export interface Activity {
  /** Sessions anywhere in the cluster whose transaction is open longer than a few seconds. */
  readonly openTransactions: readonly OpenSession[]
  /** Prepared transactions of the whole cluster: slot creation waits for them. */
  readonly preparedTransactions: readonly {
    readonly gid: string
    readonly database: string
    readonly owner: string
    readonly seconds: number
  }[]
  /** Of clients other than belt; at most 1,000. Absent: not looked for. */
  readonly heldLocks?: readonly HeldLock[]
  /** Client sessions of this database by role, belt's own left out. */
  readonly sessionsByRole: readonly { readonly role: string; readonly sessions: number }[]
}
