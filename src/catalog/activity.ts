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

/** A process of an extension that is connected to this database; no fence is for it. */
export interface BackgroundWorker {
  /** As pg_stat_activity calls it: `pg_cron launcher`. */
  readonly type: string
  readonly role: string
  readonly processes: number
}

/** An active job of pg_cron in this database. */
export interface CronJob {
  readonly id: string
  readonly role: string
  readonly schedule: string
}

/** A foreign server that leads to a database of this one's name. */
export interface SelfServer {
  readonly name: string
  readonly wrapper: string
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
  /** Absent: not looked for. */
  readonly workers?: readonly BackgroundWorker[]
  /** Of pg_cron in this database; `unreadable` when it is there and belt may not read its jobs. Absent: not looked for. */
  readonly cronJobs?: readonly CronJob[] | 'unreadable'
  readonly selfServers?: readonly SelfServer[]
}
