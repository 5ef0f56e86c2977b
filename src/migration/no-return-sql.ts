import { quoteLiteral } from '../core/quote.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { fenceId, openId } from './fence-record.js'
import { recordSql } from './record-sql.js'

/** How the statement begins that asks whether the pause is not spent. */
const IN_TIME = 'do $belt$ declare closed timestamp with time zone;'

/**
 * Whoever takes the fence away (a give-up, or somebody with the undo file) has to come before or after, never between: it
 * holds the fence's record until the intent stands, and fails when the record is gone.
 *
 * The pause is measured here too, by the server's clock: the clock of a machine that was suspended, or of a process that
 * was stopped, has stood still meanwhile, and this statement may be the first that it sends when it goes on.
 */
export function noReturnSql(lineage: string, from: Side, maxPauseMs: number): readonly string[] {
  const to = otherSide(from)
  const gone = quoteLiteral(`the ${from} is open again: its fence was taken away`)
  const spent = quoteLiteral(`cutover.max_pause (${String(maxPauseMs / 1000)} s) is spent by the clock of the ${from}`)
  const fence = `from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(fenceId(from))} and object = 'fence'`
  return [
    `do $belt$ begin perform ${fence} for update; if not found then raise exception ${gone}; end if; end $belt$`,
    `${IN_TIME} begin select at into closed ${fence}; if pg_catalog.clock_timestamp() - closed > pg_catalog.make_interval(secs => ${String(maxPauseMs / 1000)}) then raise exception ${spent}; end if; end $belt$`,
    recordSql(lineage, openId(to), 'intent', { opens: to }),
  ]
}

/** The same once the other side was opened: a server that comes back is told of it, however late. */
export function whateverTheTime(statements: readonly string[]): readonly string[] {
  return statements.filter((sql) => !sql.startsWith(IN_TIME))
}
