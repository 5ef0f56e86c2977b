import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { GateHandover } from '../../actions/gate-handover.js'
import type { Estimate } from '../../plan/plan.js'
import type { VerifyHandover } from '../../actions/verify-handover.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { compareSeconds } from '../../migration/compare-estimate.js'
import { restMs, STREAMED, wantedComparison } from './compare.js'
import { tablesCopiedInPause } from './copied-tables.js'
import { scopedSequences } from './sequences.js'

/** The last look before the pause: is it likely to be short? */
export function gateAction(context: MigrationContext, handover: Handover, after: readonly ActionId[]): GateHandover {
  const { from, to, streaming, returning, word } = handover
  const { spec } = context
  const compared = wantedComparison(context)
  return {
    ...NOTHING_SPECIAL,
    kind: 'gate-handover',
    id: actionId('gate', word),
    side: to,
    phase: 'before pause',
    operation: 'gate',
    title: `ready for the ${word}: replication healthy and close behind, nothing prepared, the way back stands`,
    sql: [],
    transaction: 'none',
    after,
    specPath: 'cutover.max_lag',
    from,
    subscription: streaming.subscription,
    slot: streaming.slot,
    maxLagBytes: spec.cutover.maxLagBytes,
    ...(spec.reverse.enabled ? { returningSlot: returning.slot } : {}),
    ...(compared === undefined ? {} : { compared }),
  }
}

export function verifyHandoverAction(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): VerifyHandover {
  const tables = tablesCopiedInPause(context).map(({ schema, name }) => ({ schema, name }))
  const wanted = wantedComparison(context)
  const parts = wanted?.tables.filter((t) => t.part !== undefined) ?? []
  return {
    ...NOTHING_SPECIAL,
    kind: 'verify-handover',
    id: actionId('verify', handover.word),
    side: handover.to,
    phase: 'pause',
    operation: 'gate',
    title: `no sequence is behind${sameRows(tables.length, 'copied table')}${sameRows(parts.length, 'table that moves in part')}`,
    ...(wanted === undefined ? {} : { note: againNote(context) }),
    sql: [],
    transaction: 'none',
    after,
    from: handover.from,
    sequences: scopedSequences(context, handover),
    tables,
    ...(parts.length === 0 ? {} : { parts }),
    again: wanted?.tables.filter((t) => t.part === undefined) ?? [],
    againMs: wanted === undefined ? 0 : restMs(context),
  }
}

function sameRows(count: number, what: string): string {
  if (count === 0) return ''
  const tables =
    count === 1 ? `1 ${what}` : `${String(count)} ${what.replace('table', 'tables').replace('moves', 'move')}`
  return `, and ${tables} ${count === 1 ? 'holds' : 'hold'} the same rows`
}

function againNote(context: MigrationContext): string {
  const seconds = restMs(context) / 1000
  return `Then streamed tables once more, now that nobody writes: those that kept changing while they were compared, and for at most ${String(seconds)} s the smallest others.`
}

/** How long it is likely to take, by the tables' sizes now. */
export function verifyEstimate(
  context: MigrationContext,
  { id, again, againMs, parts }: VerifyHandover,
): Readonly<Record<string, Estimate>> {
  const inPart = context.scope.tables.filter((t) => t.part !== undefined).map((t) => t.table)
  const copied = [...tablesCopiedInPause(context), ...(parts === undefined ? [] : inPart)]
  const sum = (of: 'rows' | 'bytes'): number => copied.reduce((total, t) => total + Math.max(0, t.volatile[of]), 0)
  const bytes = sum('bytes')
  const sizes = context.scope.tables
    .filter((t) => STREAMED.has(t.route) && t.part === undefined)
    .map((t) => t.table.volatile.bytes)
  const more =
    again.length === 0
      ? 0
      : Math.min(
          againMs / 1000,
          compareSeconds(
            sizes.reduce((a, b) => a + b, 0),
            sizes.length,
          ),
        )
  return { [id]: { rows: sum('rows'), bytes, seconds: Math.round(compareSeconds(bytes, copied.length) + more) } }
}
