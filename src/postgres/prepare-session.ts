import pg from 'pg'
import { PREPARE_SESSION, type PreparedRow, prepareValues, type SessionLimits } from './session-settings.js'
import { SQLSTATE } from './sqlstate.js'

/**
 * By itself, since it is over within a fraction of a millisecond: PREPARE_SESSION takes some 10 ms on a busy server, and
 * a transaction_timeout (from 17) that is shorter ends the connection, not only the statement.
 */
const LIFT_LIMITS = `
  select
    pg_catalog.set_config('statement_timeout', '0', false),
    case when pg_catalog.current_setting('transaction_timeout', true) is not null
      then pg_catalog.set_config('transaction_timeout', '0', false) end`

/** Gives the session belt's own settings and reads who and what it is talking to. */
export async function prepareSession(client: pg.Client, limits: SessionLimits): Promise<PreparedRow> {
  const prepare = async (): Promise<PreparedRow> => {
    await client.query(LIFT_LIMITS)
    const values: unknown[] = [...prepareValues(limits)]
    const result = await client.query<PreparedRow>(PREPARE_SESSION, values)
    const [row] = result.rows
    if (row === undefined) throw new TypeError('preparing the session gave no row')
    return row
  }
  try {
    return await prepare()
  } catch (error) {
    // A database-level statement_timeout of a few milliseconds ends even this: lift it alone, then once more.
    if (!(error instanceof pg.DatabaseError) || error.code !== SQLSTATE.queryCanceled) throw error
    await client.query('set statement_timeout = 0')
    return prepare()
  }
}
