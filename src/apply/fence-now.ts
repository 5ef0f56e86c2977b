import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { fenceId, isOpenByRecords, openedId, openId } from '../migration/fence-record.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import type { Session } from '../postgres/session.js'
import type { ApplyInput } from './apply-input.js'

export type FenceNow =
  | { readonly kind: 'open' }
  /** Closed, and belt may still take everything back. */
  | { readonly kind: 'closed'; readonly forMs: number }
  /** Past the point of no return: the way leads on. */
  | { readonly kind: 'committed' }

/** How the fenced side stands, by the records on its own server. */
export async function fenceNow(session: Session, lineage: string, from: Side): Promise<FenceNow> {
  const [schema] = await session.query<{ there: boolean }>(
    `select pg_catalog.to_regclass('belt.record') is not null as there`,
  )
  if (schema?.there !== true) return { kind: 'open' }
  const rows = await session.query<{ action: string; ageMs: number }>(
    `select r.action, (extract(epoch from pg_catalog.clock_timestamp() - r.at) * 1000)::float8 as "ageMs"
     from belt.record as r where r.lineage = $1 and r.action = any ($2::text[]) and r.object in ('fence', 'intent')`,
    [lineage, [fenceId(from), openId(otherSide(from))]],
  )
  const closed = rows.find((r) => r.action === fenceId(from))
  if (closed === undefined) return { kind: 'open' }
  if (rows.some((r) => r.action === openId(otherSide(from)))) return { kind: 'committed' }
  return { kind: 'closed', forMs: closed.ageMs }
}

/** Nobody is kept closed out for longer only because the other server does not answer. */
const OTHER_SIDE_MS = 3_000

/** The fence stands, but no handover is under way behind it: the other side has been opened. Nothing may be taken back. */
export interface ServedElsewhere {
  readonly kind: 'elsewhere'
}

/**
 * How a handover stands by the records of both servers; the fenced one alone must do when the other cannot be reached
 * (rule 18). In a pause both sides are closed. A fenced side whose counterpart is open was closed by a handover that is
 * over: one that was rolled back and begun anew, or one whose last words a failover of this server has lost.
 */
export async function handoverNow(
  session: Session,
  from: Side,
  input: Pick<ApplyInput, 'connections' | 'saved'>,
): Promise<FenceNow | ServedElsewhere> {
  const { lineage } = input.saved.plan
  const now = await fenceNow(session, lineage, from)
  if (now.kind !== 'closed') return now
  const other = otherSide(from)
  const open = await withDeadline(OTHER_SIDE_MS, [], (signal) =>
    withConnection(input.connections[other], signal, (there) => isOpen(there, lineage, other)),
  ).catch((): undefined => undefined)
  return open === true ? { kind: 'elsewhere' } : now
}

/** Whether belt lets applications in there, as its own records say. */
export async function isOpen(session: Session, lineage: string, side: Side): Promise<boolean> {
  const { there } = await session.one<{ there: boolean }>(
    `select pg_catalog.to_regclass('belt.record') is not null as there`,
  )
  if (!there) return side === 'source'
  const rows = await session.query<{ action: string }>(
    'select r.action from belt.record as r where r.lineage = $1 and r.action = any ($2::text[])',
    [lineage, [fenceId(side), openedId(side)]],
  )
  return isOpenByRecords(side, (action) => rows.some((r) => r.action === action))
}
