import type { CreateIndex } from '../../actions/create-index.js'
import { BeltError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { readIndexProgress } from '../../inspect/index-progress.js'
import type { IndexProgress } from '../../inspect/index-progress.js'
import type { Session } from '../../postgres/session.js'
import type { ExecuteContext, Executor } from '../execute-context.js'
import { PhaseClock } from '../phase-clock.js'
import { runSql } from '../run-sql.js'

/**
 * Builds the index, with progress. What an interrupted build left behind (an INVALID index of the name) is cleared away
 * first, whether the plan saw it or not: the statements for that stand in the plan. Afterwards the index is looked at,
 * for a build may end without an error and leave it invalid.
 */
export const executeCreateIndex: Executor<CreateIndex> = async (action, context, found) =>
  context.withSession(action.side, async (session) => {
    const build = withoutClear(action)
    const clock = new PhaseClock()
    const evidence = await runSql(
      {
        action,
        session,
        // A concurrent build that failed (a deadlock) leaves its invalid index for the next try to clear.
        statements: (attempt) => {
          const mustClear = found === 'broken' || (attempt > 1 && action.transaction === 'none')
          return mustClear ? [...action.clear, ...build] : build
        },
        onLook: () => report(action, context, session.pid, clock),
      },
      context,
    )
    await checkValid(action, session)
    return evidence
  })

/** `clear` stands first in the SQL of a plan that saw the invalid index; by now it may be gone. */
function withoutClear({ sql, clear }: CreateIndex): readonly string[] {
  return clear.length > 0 && clear.every((statement, index) => sql[index] === statement) ? sql.slice(clear.length) : sql
}

async function report(action: CreateIndex, context: ExecuteContext, pid: number, clock: PhaseClock): Promise<void> {
  const progress = (await readIndexProgress(context.watch[action.side])).find((p) => p.pid === pid)
  if (progress === undefined) return
  const { unit, done, total } = counted(progress)
  const etaSeconds = clock.eta(progress.phase, done, total)
  context.emit({ type: 'action-progress', action: action.id, unit, done, total, etaSeconds, detail: progress.phase })
}

function counted(p: IndexProgress): { readonly unit: string; readonly done: number; readonly total: number } {
  if (p.blocksTotal > 0) return { unit: 'blocks', done: p.blocksDone, total: p.blocksTotal }
  if (p.tuplesTotal > 0) return { unit: 'rows', done: p.tuplesDone, total: p.tuplesTotal }
  return { unit: 'sessions', done: p.lockersDone, total: p.lockersTotal }
}

async function checkValid(action: CreateIndex, session: Session): Promise<void> {
  const rows = await session.query<{ valid: boolean; partitioned: boolean }>(
    `select i.indisvalid and i.indisready as valid, c.relkind = 'I' as partitioned
     from pg_catalog.pg_index as i
     join pg_catalog.pg_class as c on c.oid = i.indexrelid
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = $1::name and c.relname = $2::name`,
    [action.index.schema, action.index.name],
  )
  const [index] = rows
  if (index?.valid === true || index?.partitioned === true) return
  const name = quoteQualified(action.index.schema, action.index.name)
  throw new BeltError(
    'index-invalid',
    `index ${name} is ${index === undefined ? 'not there' : 'INVALID'} after it was built`,
  )
}
