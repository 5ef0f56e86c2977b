import { otherSide, type Side } from '../core/side.js'
import { withConnection } from '../postgres/connect.js'
import type { ConnectionSettings } from '../postgres/connection-settings.js'
import { classifyError } from '../postgres/driver-error.js'
import { SqlError } from '../postgres/server-error.js'
import type { Session } from '../postgres/session.js'
import { inTransaction } from '../postgres/transaction.js'

/** Writers that go on until they are stopped, on whichever side lets them in. */
export interface LiveWrites {
  /** Transactions committed so far. */
  readonly committed: () => number
  /** The last time the writers moved from one side to the other: from the last commit there to the first here. */
  readonly lastMove: () => Move | undefined
  /** Resolves when a transaction has been committed on a side from now on. */
  readonly writesOn: (side: Side) => Promise<void>
  /** Ends the writers after their present transaction; throws what made one fail. */
  readonly stop: () => Promise<void>
}

export interface Move {
  readonly from: Side
  readonly to: Side
  readonly ms: number
}

/** Customers of the shop at work: each writer commits about twenty small transactions a second. */
export function startLiveWrites(
  settings: Readonly<Record<Side, ConnectionSettings>>,
  writers: number,
  signal: AbortSignal,
): LiveWrites {
  const stopped = new AbortController()
  const either = AbortSignal.any([signal, stopped.signal])
  // A call rather than a condition: the compiler believes that a signal once seen unfired stays so.
  const running = (): boolean => !either.aborted
  let committed = 0
  let last: { readonly side: Side; readonly at: number } | undefined
  let move: Move | undefined
  const noteCommit = (side: Side): void => {
    const at = performance.now()
    if (last !== undefined && last.side !== side) move = { from: last.side, to: side, ms: at - last.at }
    last = { side, at }
    committed += 1
  }
  const work = async (writer: number): Promise<void> => {
    let round = 0
    let side: Side = 'source'
    while (running()) {
      await withConnection(settings[side], signal, async (session) => {
        for (; running(); round++) {
          await inTransaction(session, {}, () => oneCustomer(session, writer, round))
          noteCommit(side)
          await pause(50, either)
        }
      }).catch((error: unknown) => {
        if (!isSentAway(error)) throw error
        side = otherSide(side)
      })
      await pause(10, either)
    }
  }
  const all = Promise.all(Array.from({ length: writers }, (_, i) => work(i)))
  // Heard again by stop(); until then a failed writer must not end the process.
  all.catch(() => undefined)
  return {
    committed: () => committed,
    lastMove: () => move,
    writesOn: async (side) => {
      const before = committed
      while ((committed === before || last?.side !== side) && !either.aborted) {
        // A writer that has failed will never write there.
        await Promise.race([pause(10, either), all])
      }
    },
    stop: async () => {
      stopped.abort()
      await all
    },
  }
}

/** What an application of a database under migration must be ready for: it is cut off, or not let in here. */
function isSentAway(error: unknown): boolean {
  return (
    classifyError(error) !== 'permanent' ||
    (error instanceof SqlError && (error.code === 'connect-denied' || error.code === 'login-refused'))
  )
}

/** An order with two items; now and then one is paid, cancelled or looked at. */
async function oneCustomer(session: Session, writer: number, round: number): Promise<void> {
  const { id } = await session.one<{ id: string }>(
    `insert into public.orders (customer_id, note)
     select id, $1 from public.customers order by id offset $2 limit 1 returning id::text`,
    [`writer ${writer}`, (writer * 37 + round) % 1000],
  )
  await session.query(
    `insert into public.order_items (order_id, line, sku, quantity, price)
     select $1::bigint, n, 'SKU-' || n, n, 9.99 from pg_catalog.generate_series(1, 2) as n`,
    [id],
  )
  await session.query(`insert into public.audit_log (who, what) values ($1, $2)`, [`writer ${writer}`, `order ${id}`])
  if (round % 3 === 0) await session.query(`update public.orders set status = 'paid' where id = $1::bigint`, [id])
  if (round % 5 === 0) await session.query(`delete from public.orders where id = $1::bigint - 20`, [id])
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}
