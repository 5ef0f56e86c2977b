import type { PublishedTable } from '../../catalog/replication.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { compareSeconds } from '../../migration/compare-estimate.js'
import { withDeadline } from '../../postgres/deadline.js'
import { recordedVerifications } from '../../state/verification-mark.js'
import type { Evidence } from '../../state/state.js'
import type { ResumeToken } from '../../verify/rows/resume-token.js'
import type { TableResult } from '../../verify/rows/verify-result.js'
import { verifyTables } from '../../verify/rows/verify-tables.js'
import type { ExecuteContext } from '../execute-context.js'
import { readTableSizes } from '../table-sizes.js'
import { differingRows, unsettledRows, whatDiffers } from './differing-rows.js'

/** Compares every row of tables that nobody writes to on either side. Throws `rows-differ`, `rows-unsettled`. */
export async function compareResting(tables: readonly PublishedTable[], context: ExecuteContext): Promise<Evidence> {
  if (tables.length === 0) return { tables: 0 }
  const result = await verifyTables(restingInput(tables, context), context.signal)
  return told(result.tables)
}

/**
 * The same for tables that changes have streamed to, those first whose rows never came to rest while they were compared
 * online; the others, smallest first, as many as the time set apart will do for. What is not finished then is left, but
 * for a table that was seen to differ: nobody writes, so that is a difference, and only the pause itself may end the
 * search for it.
 */
export async function compareAgain(
  tables: readonly PublishedTable[],
  budgetMs: number,
  context: ExecuteContext,
): Promise<Evidence> {
  if (tables.length === 0) return { tables: 0 }
  const open = unsettledBefore(tables, context)
  const settled = await compareResting(open, context)
  const started = performance.now()
  const wanted = await whatFits(tables, open, budgetMs, context)
  const leftMs = budgetMs - (performance.now() - started)
  if (wanted.length === 0 || leftMs <= 0) return { ...settled, left: tables.length - open.length }
  let latest: (() => ResumeToken) | undefined
  const suspected = new Set<string>()
  const input = {
    ...restingInput(wanted, context),
    onToken: (token: () => ResumeToken) => (latest = token),
    onSuspect: (table: string) => suspected.add(table),
  }
  const results = await withDeadline(leftMs, [context.signal], (signal, passed) =>
    verifyTables(input, signal).then(
      (result) => result.tables,
      (error: unknown) => {
        if (!passed()) throw error
        return finishSuspected(wanted, suspected, latest?.(), context)
      },
    ),
  )
  const hidden = results.filter((t) => t.verdict === 'unknown' && suspected.has(t.table))
  if (hidden.length > 0) {
    const lines = ['rows differ, and which ones could not be told:', ...unsettledRows(hidden)]
    throw new StoppedError('rows-differ', lines.join('\n'))
  }
  // These were compared online: what cannot be told of them now, such as behind a lock, is left like what takes too long.
  const { tables: compared, rows } = told(results.filter((t) => t.verdict !== 'unknown'))
  return { tables: open.length + compared, rows, left: tables.length - open.length - compared }
}

/** What was finished in time, and those tables to the end that were not and had been seen to differ. */
async function finishSuspected(
  tables: readonly PublishedTable[],
  suspected: ReadonlySet<string>,
  token: ResumeToken | undefined,
  context: ExecuteContext,
): Promise<readonly TableResult[]> {
  const done = token?.done ?? {}
  const open = tables.filter(({ schema, name }) => {
    const table = quoteQualified(schema, name)
    return suspected.has(table) && done[table] === undefined
  })
  if (open.length === 0) return Object.values(done)
  const resume: ResumeToken = { version: 1, done: {}, begun: token?.begun ?? {} }
  const { tables: more } = await verifyTables({ ...restingInput(open, context), resume }, context.signal)
  return [...Object.values(done), ...more]
}

function restingInput(tables: readonly PublishedTable[], { input: { connections, spec } }: ExecuteContext) {
  const at = tables.map((table) => ({ ...table, mode: 'at-rest' as const }))
  return { connections, tables: at, jobs: spec.verify.jobs }
}

function told(tables: readonly TableResult[]): { readonly tables: number; readonly rows: number } {
  const differing = differingRows(tables)
  if (differing.length > 0) {
    throw new StoppedError('rows-differ', [`${whatDiffers(tables)}:`, ...differing].join('\n'))
  }
  const unsettled = unsettledRows(tables)
  if (unsettled.length > 0) {
    const lines = ['nothing certain can be said of the rows of some tables:', ...unsettled]
    throw new StoppedError('rows-unsettled', lines.join('\n'))
  }
  return { tables: tables.length, rows: tables.reduce((sum, t) => sum + t.rows.source, 0) }
}

/** By the comparison that let this handover begin, which is the latest of them. */
function unsettledBefore(tables: readonly PublishedTable[], { state }: ExecuteContext): readonly PublishedTable[] {
  const latest = recordedVerifications(state.current()).find((v) => v.evidence.patterns.length === 0)
  const unsettled = new Set(latest?.evidence.unsettled)
  return tables.filter((t) => unsettled.has(quoteQualified(t.schema, t.name)))
}

async function whatFits(
  tables: readonly PublishedTable[],
  open: readonly PublishedTable[],
  budgetMs: number,
  context: ExecuteContext,
): Promise<readonly PublishedTable[]> {
  const nameOf = (t: PublishedTable): string => quoteQualified(t.schema, t.name)
  const done = new Set(open.map(nameOf))
  const sizes = await readTableSizes(context.watch.source, tables)
  const sizeOf = (t: PublishedTable): number => sizes.get(nameOf(t)) ?? 0
  const smallestFirst = tables.filter((t) => !done.has(nameOf(t))).sort((a, b) => sizeOf(a) - sizeOf(b))
  let seconds = 0
  return smallestFirst.filter((t) => {
    seconds += compareSeconds(sizeOf(t), 1)
    return seconds * 1000 <= budgetMs
  })
}
