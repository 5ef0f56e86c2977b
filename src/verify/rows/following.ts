import { StoppedError } from '../../core/error.js'
import { lsnBytes, parseLsn } from '../../core/lsn.js'
import type { Lsn } from '../../core/lsn.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { Session } from '../../postgres/session.js'
import { sleep } from '../../postgres/sleep.js'
import type { Streaming } from './verify-input.js'

/** How the subscriber follows the publisher. At rest both are where they are, and there is nothing to wait for. */
export interface Following {
  readonly publisher: Side
  readonly subscriber: Side
  readonly streams: boolean
  /** A position of the publisher's log after everything that snapshots taken there so far have seen. */
  mark(): Promise<Lsn>
  /** Waits until the subscriber has applied everything before the position. Throws `replication-stands-still`. */
  reached(position: Lsn): Promise<void>
}

const NOWHERE = parseLsn('0/0')

export const AT_REST: Following = {
  publisher: 'source',
  subscriber: 'target',
  streams: false,
  mark: () => Promise.resolve(NOWHERE),
  reached: () => Promise.resolve(),
}

/**
 * `session` is one of the publisher. The slot's confirmed position is what the subscriber has applied and made durable;
 * it also moves on what no publication holds, by the walsender's keepalives.
 *
 * The mark is a message committed with a flush of its own: a position read off the log's end may never be confirmed on an
 * idle server (it may lie behind a page header), nor may what an asynchronous commit left in memory be decoded.
 */
export function follow(
  session: Session,
  { publisher, slot }: Streaming,
  { stallMs }: { readonly stallMs: number },
  signal: AbortSignal,
): Following {
  const confirmed = async (): Promise<bigint> => {
    const [row] = await session.query<{ readonly lsn: string | null }>(
      `select s.confirmed_flush_lsn::text as lsn from pg_catalog.pg_replication_slots as s where s.slot_name = $1::name`,
      [slot],
    )
    if (row === undefined) {
      throw new StoppedError('slot-missing', `replication slot ${slot} is not there, so nobody follows`, {
        hint: 'belt status shows what is left of the replication.',
      })
    }
    return row.lsn === null ? 0n : lsnBytes(parseLsn(row.lsn))
  }
  return {
    publisher,
    subscriber: otherSide(publisher),
    streams: true,
    mark: async () => {
      // Waits for synchronous standbys as long as any commit may: those before it are then seen by new snapshots.
      await session.query(`select pg_catalog.set_config('synchronous_commit', 'remote_apply', false)`)
      const { lsn } = await session.one<{ lsn: string }>(
        `select pg_catalog.pg_logical_emit_message(true, 'belt', '')::text as lsn`,
      )
      return parseLsn(lsn)
    },
    reached: async (position) => {
      const wanted = lsnBytes(position)
      let last = await confirmed()
      let moved = performance.now()
      while (last < wanted) {
        await sleep(100, signal)
        const now = await confirmed()
        if (now > last) moved = performance.now()
        else if (performance.now() - moved > stallMs) {
          throw new StoppedError(
            'replication-stands-still',
            `slot ${slot} has not moved for ${Math.round(stallMs / 1000)} s`,
            {
              hint: 'Is the subscription enabled and its worker running? belt status shows it.',
            },
          )
        }
        last = now
      }
    },
  }
}
