import { BeltError } from '../../core/error.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'

/**
 * Refuses servers that hash the same bytes differently: lookup3 reads words in the processor's byte order, so a
 * big-endian server cannot be compared with a little-endian one this way.
 */
export async function checkSameHash(sessions: SideSessions): Promise<void> {
  const text = `
    select pg_catalog.hash_array_extended(array[pg_catalog.record_send(row(
      1::int4, 'belt'::text, null::text, 1.50::numeric, 'épée'::text, timestamptz '2024-02-29 12:00+01'
    ))], 7)::text as hash`
  const { source, target } = await onBoth((side) =>
    sessions.read<{ readonly hash: string }>(side, { text, values: [] }),
  )
  if (source[0]?.hash !== target[0]?.hash) {
    throw new BeltError(
      'hash-differs',
      'the two servers hash the same row differently, so hashes of their rows cannot be compared',
      {
        hint: 'Their processors probably order bytes differently.',
      },
    )
  }
}
