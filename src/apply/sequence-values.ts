import { quoteQualified } from '../core/quote.js'
import type { ScopedSequence } from '../actions/set-sequences.js'
import type { Session } from '../postgres/session.js'

/** Where a sequence stands: `called` false means that `value` itself is handed out next. */
export interface SequenceValue {
  readonly value: bigint
  readonly called: boolean
}

/**
 * Exact values of any number of sequences in one statement. pg_sequence_last_value() would lose is_called, so each row
 * is read through query_to_xml, whose text needs no XML library on the server.
 */
export async function readSequenceValues(
  session: Session,
  sequences: readonly ScopedSequence[],
): Promise<ReadonlyMap<string, SequenceValue>> {
  const names = sequences.map((s) => quoteQualified(s.schema, s.name))
  const rows = await session.query<{ name: string; value: string; called: string }>(
    `select s.name,
       pg_catalog.substring(s.row_text, '<last_value>(-?[0-9]+)</last_value>') as value,
       pg_catalog.substring(s.row_text, '<is_called>(true|false)</is_called>') as called
     from (
       select n.name, pg_catalog.query_to_xml('select last_value, is_called from ' || n.name, false, false, '')::text as row_text
       from pg_catalog.unnest($1::text[]) as n (name)
     ) as s`,
    [names],
  )
  return new Map(rows.map((r) => [r.name, { value: BigInt(r.value), called: r.called === 'true' }]))
}

/** What nextval() will give; it may lie past the bounds of a sequence that is used up. */
export function nextValue(sequence: ScopedSequence, at: SequenceValue): bigint {
  return at.called ? at.value + BigInt(sequence.increment) : at.value
}

/** Whether a sequence that stands at `mine` would hand out something that `theirs` has handed out already. */
export function isBehind(sequence: ScopedSequence, mine: SequenceValue, theirs: SequenceValue): boolean {
  const [a, b] = [nextValue(sequence, mine), nextValue(sequence, theirs)]
  return BigInt(sequence.increment) > 0n ? a < b : a > b
}

/** A sequence with fewer margins than this left before its bound is carried exactly: handing over must not use it up. */
const MARGINS_LEFT = 10n

/** `margin` increments past where it stands; just where it stands when it cycles, is close to its bound, or margin is 0. */
export function aheadOf(sequence: ScopedSequence, at: SequenceValue, margin: number): SequenceValue {
  if (sequence.cycle || margin === 0) return at
  const increment = BigInt(sequence.increment)
  const last = at.called ? at.value : at.value - increment
  const bound = BigInt(increment > 0n ? sequence.max : sequence.min)
  if ((bound - last) / increment < BigInt(margin) * MARGINS_LEFT) return at
  return { value: last + BigInt(margin) * increment, called: true }
}
