import type { IndexedCatalog } from '../catalog/indexed.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedTables } from './published-tables.js'

/** What one direction takes from the limits of both servers while it runs. */
export interface DirectionNeeds {
  readonly direction: 'forward' | 'reverse'
  /** Long-lived streams: a slot and a walsender on one side, an origin and a worker on the other. */
  readonly streams: number
  /** Tables copied at the same time, each with one more of everything; none once every table is copied. */
  readonly syncs: number
}

/** Tables a subscription copies at the same time; 2 unless the subscriber is set otherwise. */
const USUAL_SYNCS = 2

/** A limit of a server, or undefined where this version does not know it or this user may not see it. */
export function limitOf(catalog: IndexedCatalog, name: string): number | undefined {
  const text = catalog.server.settings[name]
  return text === undefined ? undefined : Number(text)
}

/** In one cluster both directions draw on the same limits. */
export function forwardNeeds(context: MigrationContext): DirectionNeeds {
  const { target, names, spec, inspection } = context
  const subscription = target.subscriptionByName(names.forward.subscription)
  const ready = subscription?.tables.filter((t) => t.state === 'ready').length ?? 0
  const left = Math.max(0, publishedTables(context).length - ready)
  const atOnce = limitOf(target, 'max_sync_workers_per_subscription') ?? USUAL_SYNCS
  const streams = spec.reverse.enabled && inspection.sameCluster ? 2 : 1
  return { direction: 'forward', streams, syncs: Math.min(left, atOnce) }
}

/** The way back never copies: the rows are there. */
export const REVERSE_NEEDS: DirectionNeeds = { direction: 'reverse', streams: 1, syncs: 0 }

/** `1 and 2 for tables being copied`. */
export function needsText({ streams, syncs }: DirectionNeeds): string {
  const all = String(streams + syncs)
  return syncs === 0 ? all : `${all} (${String(streams)} to stream, ${String(syncs)} for tables being copied)`
}
