import type { Catalog } from '../../catalog/catalog.js'
import type { Subscription } from '../../catalog/replication.js'
import type { HeldLogin, StreamEvidence } from '../../catalog/stream-evidence.js'
import { BeltError } from '../../core/error.js'
import { otherSide, SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { BothSides } from '../both-sides.js'
import { heldLogin } from './held-login.js'
import { readServerLog } from './server-log.js'
import { readSlotReader } from './slot-reader.js'
import { watchWorker } from './watch-worker.js'
import { workerFailures } from './worker-failures.js'
import { countWorkers } from './workers.js'

type Catalogs = Readonly<Record<Side, Catalog>>

/**
 * Looks closely at each subscription of one side to the other that the spec's replication role carries. Changes
 * nothing and reads no change from a slot. Takes up to two seconds for one that does not do well.
 */
export async function readStreams(
  sides: BothSides,
  catalogs: Catalogs,
  signal: AbortSignal,
): Promise<readonly StreamEvidence[]> {
  const found: StreamEvidence[] = []
  for (const subscriber of SIDES) {
    for (const subscription of catalogs[subscriber].subscriptions) {
      if (!isBetween(subscription, catalogs[otherSide(subscriber)], sides)) continue
      found.push(await readStream(sides, { subscriber, subscription, catalogs }, signal))
    }
  }
  return found
}

/** Nobody else's: belt logs in nowhere with what was not made for this migration. */
function isBetween({ connection }: Subscription, publisher: Catalog, { input }: BothSides): boolean {
  return connection?.database === publisher.database.name && connection.user === input.spec.roles.replication.name
}

interface Stream {
  readonly subscriber: Side
  readonly subscription: Subscription
  readonly catalogs: Catalogs
}

async function readStream(sides: BothSides, stream: Stream, signal: AbortSignal): Promise<StreamEvidence> {
  const { subscriber, subscription, catalogs } = stream
  const publisher = otherSide(subscriber)
  const session = sides.sessions[subscriber]
  const log = seemsWell(stream) ? undefined : await readServerLog(session)
  const failures = log === undefined ? [] : workerFailures(subscription, log, sides.input.secrets)
  const fails = failures.length > 0 || errorsOf(subscription) > 0
  const enabled = subscription.enabled && !seemsWell(stream)
  const worker = enabled ? await watchWorker(session, subscription, fails, signal) : 'steady'
  const slot = catalogs[publisher].slots.find((s) => s.name === subscription.slotName)
  const other = worker === 'steady' ? undefined : await readSlotReader(sides.sessions[publisher], slot?.name)
  const here = subscription.of === 'pglogical' ? { heldHere: await loginHere(sides, stream, signal) } : {}
  return {
    subscriber,
    subscription: subscription.name,
    held: await loginThere(sides, stream, signal),
    ...here,
    worker,
    failures,
    log: log?.state ?? 'read',
    workers: await countWorkers(session, subscription),
    ...(other === undefined ? {} : { slotReader: other }),
  }
}

/** Connected on both sides, and no worker of it has ever failed as far as the server counts. */
function seemsWell({ subscription, subscriber, catalogs }: Stream): boolean {
  const slot = catalogs[otherSide(subscriber)].slots.find((s) => s.name === subscription.slotName)
  return (
    subscription.enabled &&
    subscription.volatile.workerPid !== undefined &&
    slot?.volatile.active === true &&
    errorsOf(subscription) === 0 &&
    subscription.tables.every((t) => t.state === 'ready')
  )
}

function errorsOf({ volatile }: Subscription): number {
  return (volatile.applyErrors ?? 0) + (volatile.syncErrors ?? 0)
}

const NATIVE = 'select s.subconninfo as conninfo from pg_catalog.pg_subscription as s where s.subname = $1::name'
const OF_PGLOGICAL = `
  select i.if_dsn as conninfo
  from pglogical.subscription as s
  join pglogical.node_interface as i on i.if_id = s.sub_origin_if
  where s.sub_name = $1::name`
const HERE = `
  select i.if_dsn as conninfo
  from pglogical.subscription as s
  join pglogical.node_interface as i on i.if_id = s.sub_target_if
  where s.sub_name = $1::name`

function loginThere(sides: BothSides, stream: Stream, signal: AbortSignal): Promise<HeldLogin> {
  const { subscriber, subscription } = stream
  const conninfo = subscription.of === 'pglogical' ? OF_PGLOGICAL : NATIVE
  return tried(sides, subscriber, otherSide(subscriber), { conninfo, name: subscription.name }, signal)
}

function loginHere(sides: BothSides, { subscriber, subscription }: Stream, signal: AbortSignal): Promise<HeldLogin> {
  const names = { conninfo: HERE, name: subscription.name }
  return tried(sides, subscriber, subscriber, names, signal)
}

async function tried(
  sides: BothSides,
  holder: Side,
  at: Side,
  of: { readonly conninfo: string; readonly name: string },
  signal: AbortSignal,
): Promise<HeldLogin> {
  const { sessions, settings, input } = sides
  try {
    return await heldLogin(
      sessions[holder],
      of,
      { settings: settings[at], session: sessions[at], secrets: input.secrets },
      signal,
    )
  } catch (error) {
    // Not to be read, or not to be reached: it says nothing about the password.
    if (error instanceof BeltError && !signal.aborted && !sessions[holder].lost.aborted) return 'unread'
    throw error
  }
}
