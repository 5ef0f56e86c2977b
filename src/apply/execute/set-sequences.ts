import type { ScopedSequence, SetSequences } from '../../actions/set-sequences.js'
import { quoteQualified } from '../../core/quote.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'
import { aheadOf, isBehind, readSequenceValues } from '../sequence-values.js'
import type { SequenceValue } from '../sequence-values.js'

/** One read on each side and one write, for any number of sequences. */
export async function executeSetSequences(action: SetSequences, context: ExecuteContext): Promise<Evidence> {
  const { sequences, mode, margin } = action
  if (sequences.length === 0) return { sequences: 0, set: 0 }
  const theirs = await readSequenceValues(context.watch[action.from], sequences)
  const mine =
    mode === 'exact'
      ? await readSequenceValues(context.watch[action.side], sequences)
      : new Map<string, SequenceValue>()
  const wanted = sequences.flatMap((sequence) => {
    const name = quoteQualified(sequence.schema, sequence.name)
    const at = theirs.get(name)
    if (at === undefined) return []
    if (mode === 'ahead') return [{ name, to: aheadOf(sequence, at, margin) }]
    return mustSet(sequence, mine.get(name), at, margin) ? [{ name, to: at }] : []
  })
  await context.fence()
  const [sql = ''] = action.sql
  if (wanted.length > 0) {
    await context.work[action.side].query(sql, [
      wanted.map((w) => w.name),
      wanted.map((w) => String(w.to.value)),
      wanted.map((w) => w.to.called),
    ])
  }
  return { sequences: sequences.length, set: wanted.length }
}

/**
 * What stands ahead stays ahead; what cycles, has been caught up with, was restarted or was asked to be exact is set
 * exactly. Restarted is what lies further back than the margin that it was set ahead by.
 */
export function mustSet(
  sequence: ScopedSequence,
  mine: SequenceValue | undefined,
  theirs: SequenceValue,
  margin: number,
): boolean {
  if (mine === undefined || sequence.cycle || margin === 0) {
    return mine === undefined || mine.value !== theirs.value || mine.called !== theirs.called
  }
  return isBehind(sequence, mine, theirs) || isBehind(sequence, aheadOf(sequence, theirs, margin), mine)
}
