import { StoppedError } from '../core/error.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { Session } from '../postgres/session.js'

/** What is left of the pause when the server itself ends a guard that nobody lets go any more: a belt that has vanished. */
const GRACE_MS = 5_000

export function guardIdleMs(maxPauseMs: number): number {
  return maxPauseMs + GRACE_MS
}

/**
 * Ends what a vanished run holds on the tables of this database, before applications are let in again: their writes would
 * wait for it.
 */
export const END_GUARDS = `select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity as a where a.datname = pg_catalog.current_database() and a.usename = current_user and a.application_name like 'belt/%' and a.state = 'idle in transaction' and exists (select from pg_catalog.pg_locks as l where l.pid = a.pid and l.locktype = 'relation' and l.mode = 'ShareLock')`

/**
 * A session of its own that keeps SHARE locks on the tables of the fenced side from the proof that nobody writes to the
 * point of no return: no fence holds superusers, and whoever connects between cannot write to them. Its transaction
 * changes nothing and ends with the session.
 */
export class TableGuard {
  readonly #session: Session
  readonly #side: Side
  #kept: ReadonlySet<string> = new Set()
  /** When quiet began to be asked for: sessions that are older could write. */
  #since: string | undefined

  constructor(session: Session, side: Side) {
    this.#session = session
    this.#side = side
  }

  /** Anew: what was held before is let go. */
  async begin(since: string): Promise<void> {
    await this.#session.rollback()
    await this.#session.exec('begin')
    this.#since = since
    this.#kept = new Set()
  }

  /** How many tables can be held: half of the server's lock table, which is shared by everybody. */
  async room(): Promise<number> {
    const { locks } = await this.#session.one<{ locks: number }>(
      `select (pg_catalog.current_setting('max_locks_per_transaction')::int8
         * (pg_catalog.current_setting('max_connections')::int8 + pg_catalog.current_setting('max_prepared_transactions')::int8))::float8 as locks`,
    )
    return Math.floor(locks / 2)
  }

  /** Throws the server's refusal, with what was held before still held. */
  async lock(tables: readonly QualifiedName[], { keep, waitMs }: { keep: boolean; waitMs: number }): Promise<void> {
    await this.#session.exec('savepoint belt_lock')
    let kept = false
    try {
      await this.#session.exec(`set local lock_timeout = '${String(waitMs)}ms'`)
      await this.#session.exec(`lock table ${tables.map(nameOf).join(', ')} in share mode`)
      kept = keep
    } finally {
      await this.#session.exec(kept ? 'release savepoint belt_lock' : 'rollback to savepoint belt_lock')
    }
    if (kept) this.#kept = new Set([...this.#kept, ...tables.map(nameOf)])
  }

  /** What is locked from here on can be let go before the rest. */
  async mark(): Promise<void> {
    await this.#session.exec('savepoint belt_altered')
  }

  async letGoSinceMark(): Promise<void> {
    await this.#session.exec('rollback to savepoint belt_altered')
  }

  /** Asks the server: a guard that was ended holds nothing. */
  async standing(): Promise<{ readonly since: string }> {
    const gone = new StoppedError(
      'guard-lost',
      `the session that kept the tables of the ${this.#side} from being written was ended`,
      { hint: 'Find out who ended it; somebody may have written meanwhile.' },
    )
    if (this.#since === undefined) throw gone
    await this.#session.query('select 1').catch((error: unknown) => {
      throw this.#session.lost.aborted ? gone : error
    })
    return { since: this.#since }
  }

  without(tables: readonly QualifiedName[]): readonly QualifiedName[] {
    return tables.filter((t) => !this.#kept.has(nameOf(t)))
  }
}

function nameOf({ schema, name }: QualifiedName): string {
  return quoteQualified(schema, name)
}
