import type { Action } from '../actions/action.js'
import { BeltError } from '../core/error.js'
import { quoteLiteral } from '../core/quote.js'
import { fenceId, fenceBeforeOf } from '../migration/fence-record.js'
import { fenceSql } from '../migration/fence-sql.js'
import type { FenceBefore } from '../migration/fence-sql.js'
import { SqlError } from '../postgres/server-error.js'
import type { Session } from '../postgres/session.js'
import { SQLSTATE } from '../postgres/sqlstate.js'
import { inTransaction } from '../postgres/transaction.js'
import type { ApplyHappening } from './apply-event.js'
import { fenceNow } from './fence-now.js'
import type { FenceNow } from './fence-now.js'

/** What an action had not made yet, or a role that somebody has dropped meanwhile, needs no taking back. */
const NOT_THERE: ReadonlySet<string> = new Set([SQLSTATE.undefinedObject, SQLSTATE.undefinedTable])
/** Nobody shall wait behind belt for a lock, and the next thing to take back matters more. */
const LOCK_MS = 3_000

/**
 * Runs what the plan says takes an action back. Whatever is not there is passed over, statement by statement. Only a
 * fence that does not fall is an error: what else is left behind is told, and planned away later.
 */
export async function takeBack(
  action: Action,
  session: Session,
  emit: (happening: ApplyHappening) => void,
): Promise<void> {
  try {
    if (action.transaction !== 'one') {
      for (const sql of action.abort ?? []) await unlessGone(() => session.exec(sql))
      return
    }
    await inTransaction(session, {}, async () => {
      await session.exec(`set local lock_timeout = '${String(LOCK_MS)}ms'`)
      await runEach(session, action.abort ?? [])
    })
  } catch (error) {
    if (action.id === fenceId(action.side) || !(error instanceof BeltError)) throw error
    emit({ type: 'notice', message: `${action.id} could not be taken back: ${error.message}` })
  }
}

/**
 * In the session's transaction; what is not there any more is passed over. With a grantor who is gone goes the grant that
 * was to be given in its name: given in belt's own it would be another one.
 */
async function runEach(session: Session, statements: readonly string[]): Promise<void> {
  let goneGrantor = false
  for (const sql of statements) {
    if (goneGrantor) {
      goneGrantor = sql !== 'reset role'
      continue
    }
    await session.exec('savepoint belt_step')
    if (await unlessGone(() => session.exec(sql), sql)) continue
    await session.exec('rollback to savepoint belt_step')
    goneGrantor = isSetRole(sql)
  }
}

function isSetRole(sql: string): boolean {
  return sql.startsWith('set local role ')
}

/** A fence as its own server knows it. */
export interface HeldFence {
  readonly now: FenceNow
  /** Opens the side again, as the record on the server says it stood; by the plan where that cannot be read. */
  readonly takeDown: () => Promise<void>
}

export interface FencedDatabase {
  readonly lineage: string
  readonly database: string
  /** How long to wait for a run that is passing the point of no return; 3,000. */
  readonly lockMs?: number
}

/**
 * Holds the fence's record while `use` runs, in a transaction that is committed afterwards: no run that went unseen can
 * pass the point of no return meanwhile, for that asks for the same record; and if one has, `now` says so.
 */
export async function holdingFence<Result>(
  session: Session,
  action: Action,
  { lineage, database, lockMs = LOCK_MS }: FencedDatabase,
  use: (held: HeldFence) => Promise<Result>,
): Promise<Result> {
  return inTransaction(session, {}, async () => {
    await session.exec(`set local lock_timeout = '${String(lockMs)}ms'`)
    const { there } = await session.one<{ there: boolean }>(
      `select pg_catalog.to_regclass('belt.record') is not null as there`,
    )
    const [record] = there
      ? await session.query<{ before: string | null }>(
          `select r.before::text as before from belt.record as r
           where r.lineage = $1 and r.action = $2 and r.object = 'fence' for update`,
          [lineage, action.id],
        )
      : []
    // Another statement, another snapshot: an intent that was committed while this waited is seen.
    const now = await fenceNow(session, lineage, action.side)
    const before = beforeOf(record?.before ?? null)
    const forget = `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(action.id)}`
    const statements = before === undefined ? (action.abort ?? []) : [...fenceSql(database, before).reopen, forget]
    return use({ now, takeDown: () => runEach(session, statements) })
  })
}

function beforeOf(text: string | null): FenceBefore | undefined {
  return text === null ? undefined : fenceBeforeOf({ before: JSON.parse(text) as unknown })
}

async function unlessGone(run: () => Promise<unknown>, sql = ''): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    if (error instanceof SqlError && NOT_THERE.has(error.sqlState)) return false
    // SET ROLE says of a role that is gone that the value of a setting is invalid.
    if (error instanceof SqlError && error.sqlState === SQLSTATE.invalidParameterValue && isSetRole(sql)) return false
    throw error
  }
}
