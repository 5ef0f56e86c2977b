import { actionId } from '../../actions/base.js'
import type { CompareRows, WantedComparison } from '../../actions/compare-rows.js'
import { counted } from '../../core/counted.js'
import { comparableBytes, compareSeconds } from '../../migration/compare-estimate.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { publishedTable } from '../../migration/scope.js'
import type { RowRoute } from '../../migration/scope.js'

/** Routes of tables whose changes stream. */
export const STREAMED: ReadonlySet<RowRoute> = new Set<RowRoute>(['replicate', 'replicate-full'])

/** What `cutover.verify` wants compared before a side is closed, in either direction; undefined for `none`. */
export function wantedComparison({ spec, scope }: MigrationContext): WantedComparison | undefined {
  const { verify, verifyMaxAgeMs: maxAgeMs } = spec.cutover
  if (verify === 'none') return undefined
  const tables = scope.tables.filter((t) => STREAMED.has(t.route)).map(publishedTable)
  return { depth: verify === 'full' ? 'full' : { sample: spec.verify.sampleRows }, maxAgeMs, tables }
}

/** Part of the pause that streamed tables may be compared in: a tenth of what it may last, 3 s at most. */
export function restMs({ spec }: MigrationContext): number {
  return Math.min(3_000, spec.cutover.maxPauseMs / 10)
}

/** Rows compared online before the fence (rule 19), on whichever side serves. */
export function compareAction(context: MigrationContext, handover: Handover): Draft {
  const wanted = wantedComparison(context)
  if (wanted === undefined) return { actions: [] }
  const { from, to, streaming, word } = handover
  const { depth, maxAgeMs } = wanted
  const what = depth === 'full' ? 'every row' : counted(depth.sample, 'random row')
  const action: CompareRows = {
    ...NOTHING_SPECIAL,
    kind: 'compare-rows',
    id: actionId('compare', word),
    side: to,
    phase: 'before pause',
    operation: 'gate',
    title: `the same on both sides: ${what} of ${depth === 'full' ? '' : 'each of '}${counted(wanted.tables.length, 'table')}`,
    note: `Compares while applications go on writing to the ${from}. Passes at once when that was begun within ${ageText(maxAgeMs)}, as belt status shows.`,
    sql: [],
    transaction: 'none',
    specPath: 'cutover.verify',
    from,
    slot: streaming.slot,
    subscription: streaming.subscription,
    wanted,
    restBytes: comparableBytes(restMs(context)),
  }
  return { actions: [action], estimates: { [action.id]: estimate(context, wanted) } }
}

function estimate(
  context: MigrationContext,
  { depth, tables }: WantedComparison,
): { rows?: number; bytes?: number; seconds?: number } {
  if (depth !== 'full') return {}
  const sizes = context.scope.tables.filter((t) => STREAMED.has(t.route)).map((t) => t.table.volatile)
  const bytes = sizes.reduce((sum, s) => sum + s.bytes, 0)
  const rows = sizes.reduce((sum, s) => sum + Math.max(0, s.rows), 0)
  return { rows, bytes, seconds: Math.round(compareSeconds(bytes, tables.length)) }
}

function ageText(ms: number): string {
  const hours = ms / 3_600_000
  return hours >= 1 && Number.isInteger(hours) ? counted(hours, 'hour') : counted(Math.round(ms / 60_000), 'minute')
}
