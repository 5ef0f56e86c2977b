import type { CompareRows } from '../../actions/compare-rows.js'
import { parseQualified } from '../../core/qualified-name.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import { verificationMarks } from '../../state/verification-mark.js'
import type { Evidence } from '../../state/state.js'
import { compareStream } from '../../verify/online/compare-stream.js'
import type { StreamCompared } from '../../verify/online/compare-stream.js'
import { comparisonFile } from '../../verify/online/progress-file.js'
import type { VerifyProgress } from '../../verify/rows/progress.js'
import { interrupted } from '../action-failed.js'
import { differingRows, unsettledRows, whatDiffers } from '../comparison/differing-rows.js'
import type { TableResult } from '../../verify/rows/verify-result.js'
import { verificationEvidence } from '../comparison/evidence.js'
import { doubtOf, recentComparison } from '../comparison/recent.js'
import type { ExecuteContext } from '../execute-context.js'
import { readTableSizes } from '../table-sizes.js'

const TELL_EVERY_MS = 500

/**
 * Compares every row while applications go on writing, or finds that this was done recently enough. It changes nothing
 * but for messages in the log, and comes before whatever else a handover does: both databases are as they were when it fails.
 */
export async function executeCompareRows(action: CompareRows, context: ExecuteContext): Promise<Evidence> {
  const { wanted } = action
  if (wanted.tables.length === 0) return { tables: 0 }
  const known = await recentComparison(action, context)
  if (known?.evidence.rowVerdict === 'equal') return { comparedAt: known.at, ...known.evidence }
  const compared = await compare(action, context)
  const evidence = verificationEvidence(
    {
      verdict: compared.rows.verdict,
      depth: wanted.depth,
      patterns: [],
      publisher: action.from,
      notCompared: 0,
      structureDifferences: null,
    },
    compared,
  )
  const at = new Date().toISOString()
  for (const mark of verificationMarks(evidence)) {
    await context.state.append({ kind: 'mark-set', mark, at, evidence: { ...evidence } })
  }
  await compared.forget()
  const { tables } = compared.rows
  if (compared.rows.verdict === 'different') throw rowsDiffer(tables, action)
  if (evidence.unsettled.length > 0 && !(await fitInPause(evidence.unsettled, action, context))) {
    throw unsettled(unsettledRows(tables))
  }
  return { ...evidence }
}

async function compare(action: CompareRows, context: ExecuteContext): Promise<StreamCompared> {
  const { from, slot, wanted } = action
  const { spec, connections } = context.input
  const { jobs, maxBytesPerSecond, chunkRows } = spec.verify
  try {
    return await compareStream(
      {
        connections,
        tables: wanted.tables,
        streaming: { publisher: from, slot },
        depth: wanted.depth,
        jobs,
        ...(maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond }),
        ...(chunkRows === undefined ? {} : { chunkRows }),
        onProgress: nowAndThen((progress) =>
          context.emit({ type: 'action-progress', action: action.id, ...shown(progress) }),
        ),
        resumption: {
          file: comparisonFile(spec.state.path, []),
          maxAgeMs: wanted.maxAgeMs,
          notBefore: doubtOf(context.state.current(), from),
          afresh: false,
          onResume: ({ begunAt, tablesDone }) =>
            context.emit({
              type: 'notice',
              message: `going on with the comparison of rows begun at ${begunAt}: ${String(tablesDone)} of ${String(wanted.tables.length)} tables were equal`,
            }),
        },
      },
      AbortSignal.any([context.signal, context.stop]),
    )
  } catch (error) {
    throw context.stop.aborted && !context.signal.aborted ? interrupted() : error
  }
}

/** A small table is compared in a millisecond, and nobody reads a thousand events a second. */
function nowAndThen(tell: (progress: VerifyProgress) => void): (progress: VerifyProgress) => void {
  let told = 0
  return (progress) => {
    const now = performance.now()
    if (now - told < TELL_EVERY_MS) return
    told = now
    tell(progress)
  }
}

function shown({ rows, rowsPerSecond, etaSeconds, table }: VerifyProgress): {
  readonly unit: string
  readonly done: number
  readonly total: number
  readonly etaSeconds: number | undefined
  readonly detail: string
} {
  return { unit: 'rows', ...rows, etaSeconds, detail: `${String(Math.round(rowsPerSecond))} rows/s; ${table}` }
}

/** Rows that never come to rest can be compared when nobody writes, if that is quickly done. */
async function fitInPause(names: readonly string[], action: CompareRows, context: ExecuteContext): Promise<boolean> {
  const tables = names.flatMap((name) => parseQualified(name) ?? [])
  const sizes = await readTableSizes(context.watch[otherSide(action.from)], tables)
  const bytes = tables.reduce((sum, t) => sum + (sizes.get(quoteQualified(t.schema, t.name)) ?? 0), 0)
  return bytes <= action.restBytes
}

/** Only while the source serves is there a copy to be made anew. */
const ANEW = ' Or set stage: replicating and copy those tables anew: belt plan --resync TABLE.'

function rowsDiffer(tables: readonly TableResult[], { provenBy, from }: CompareRows): StoppedError {
  return new StoppedError(
    'rows-differ',
    [`${whatDiffers(tables)}, and nothing was changed:`, ...differingRows(tables)].join('\n'),
    {
      hint:
        provenBy !== undefined
          ? 'The copy of those tables went wrong. Copy them anew: belt plan --resync TABLE.'
          : `belt verify names every row, with --show-values the values too. Mend the rows on the side that does not serve, then run the same command again: it compares anew.${from === 'source' ? ANEW : ''}`,
    },
  )
}

function unsettled(lines: readonly string[]): StoppedError {
  return new StoppedError(
    'rows-unsettled',
    ['nothing certain can be said of the rows of some tables, and nothing was changed:', ...lines].join('\n'),
    {
      hint: 'Run the same command again, at a quieter time if rows kept changing: it compares anew.',
    },
  )
}
