import type { ActionId } from '../actions/base.js'
import { blockersOf } from '../postgres/blockers.js'
import { openWriters } from '../postgres/open-writers.js'
import type { Waiter } from './apply-event.js'
import type { ExecuteContext } from './execute-context.js'
import { readSubscriber } from './subscriber.js'
import type { Subscriber } from './subscriber.js'
import { readPublisher } from './publisher.js'
import type { Publisher } from './publisher.js'
import type { Troubles } from './wait-for.js'
import { waiterOfBlocker, waiterOfWriter } from './waiter.js'

export interface Watched {
  readonly id: ActionId
  readonly subscription: string
  readonly slot: string
}

/** Why a subscription does not get on, as far as the catalogs of both sides tell. */
export async function replicationTroubles(watched: Watched, context: ExecuteContext): Promise<Troubles> {
  const subscriber = await readSubscriber(context.watch.target, watched.subscription)
  if (subscriber === undefined)
    return { reasons: [`subscription ${watched.subscription} is not there any more`], blockers: [] }
  const publisher = await readPublisher(context.watch.source, watched.subscription, watched.slot)
  const blockers = await blockersOn(subscriber, publisher, context)
  return { reasons: [...targetReasons(subscriber), ...sourceReasons(publisher, subscriber)], blockers }
}

function targetReasons(s: Subscriber): readonly string[] {
  const reasons: string[] = []
  if (!s.enabled) return ['the subscription is disabled']
  const used = `${s.workersRunning} of ${s.workersSetting} = ${s.maxWorkers}`
  if (s.applyPid === null) {
    reasons.push(
      s.workersRunning >= s.maxWorkers
        ? `the target has no free replication worker (${used} are in use)`
        : "no apply worker runs on the target: it fails and is started again every few seconds, and the target's server log says why (often a wrong password or a host that the target does not reach)",
    )
  } else if (s.syncRunning === 0 && s.tablesOpen > 0) {
    if (s.maxSyncWorkers === 0)
      reasons.push('max_sync_workers_per_subscription is 0 on the target, so no table is ever copied')
    else if (s.workersRunning >= s.maxWorkers)
      reasons.push(`no worker is free to copy tables (${used} are in use on the target)`)
    else reasons.push("no copy worker runs: it fails and is started again, and the target's server log says why")
  }
  if (s.applyErrors > 0)
    reasons.push(
      `the apply worker has failed ${s.applyErrors} times (pg_stat_subscription_stats; the target's server log says why)`,
    )
  if (s.syncErrors > 0)
    reasons.push(
      `copying a table has failed ${s.syncErrors} times (pg_stat_subscription_stats; the target's server log says why)`,
    )
  return reasons
}

function sourceReasons(p: Publisher, s: Subscriber): readonly string[] {
  if (p.slot === undefined) return ['its slot is not there on the source']
  const reasons: string[] = []
  if (p.slot.walStatus === 'lost')
    reasons.push('its slot on the source is lost: log that the target needed was removed')
  else if (!p.slot.active && s.applyPid !== null)
    reasons.push(
      'nobody reads its slot on the source: the apply worker cannot log in there or the connection is refused',
    )
  if (p.sendersFree <= 0) reasons.push('max_wal_senders is used up on the source')
  if (p.slotsFree <= 0)
    reasons.push('max_replication_slots is used up on the source: each table being copied needs one more')
  return reasons
}

async function blockersOn(s: Subscriber, p: Publisher, context: ExecuteContext): Promise<readonly Waiter[]> {
  const { secrets } = context.input
  const found: Waiter[] = []
  for (const pid of s.workerPids)
    found.push(...(await blockersOf(context.watch.target, pid, secrets)).map(waiterOfBlocker))
  // A copy worker first makes a slot of its own, which waits for the write transactions of the whole source cluster.
  let waitsForWriters = false
  for (const pid of p.senderPids) {
    const blockers = await blockersOf(context.watch.source, pid, secrets)
    waitsForWriters ||= blockers.length > 0
    found.push(...blockers.map(waiterOfBlocker))
  }
  if (waitsForWriters) found.push(...(await openWriters(context.watch.source, secrets)).map(waiterOfWriter))
  return [...new Map(found.map((w) => [`${w.pid} ${w.pid === 0 ? w.text : ''}`, w])).values()]
}
