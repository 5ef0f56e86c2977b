import type { IndexedCatalog } from '../../catalog/indexed.js'
import { waysToSet } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { Names } from '../../migration/names.js'
import { limitOf, needsText } from '../needs.js'
import type { DirectionNeeds } from '../needs.js'

/** Room that a fix leaves for others. */
const SPARE = 4

/** What logical replication needs of the side that subscribes. What belt holds already is not needed again. */
export function checkSubscriber(catalog: IndexedCatalog, needs: DirectionNeeds, names: Names): readonly Diagnostic[] {
  const own: readonly string[] = [names.forward.subscription, names.reverse.subscription]
  const others = catalog.subscriptions.filter((s) => s.enabled && !own.includes(s.name)).length
  return [
    ...workers(catalog, others, needs),
    ...noSyncs(catalog, needs),
    ...processes(catalog, others, needs),
    ...checkOrigins(catalog, needs, names),
    ...privilege(catalog, needs),
    ...progress(catalog, needs),
  ]
}

function workers(catalog: IndexedCatalog, others: number, needs: DirectionNeeds): readonly Diagnostic[] {
  const limit = limitOf(catalog, 'max_logical_replication_workers')
  const wanted = needs.streams + Math.min(1, needs.syncs)
  if (limit === undefined || limit - others >= wanted) return []
  return [
    {
      severity: 'error',
      code: 'replication-workers',
      side: catalog.side,
      message: `max_logical_replication_workers is ${String(limit)} and ${counted(others, 'other subscription')} of this database may use as many; the ${needs.direction} direction needs at least ${String(wanted)}`,
      fix: waysToSet(
        catalog,
        'max_logical_replication_workers',
        String(others + needs.streams + needs.syncs + SPARE),
        'restart',
      ),
    },
  ]
}

/** With no sync worker a subscription waits for ever for its first table (needs.syncs is 0 then too). */
function noSyncs(catalog: IndexedCatalog, { direction }: DirectionNeeds): readonly Diagnostic[] {
  if (direction === 'reverse' || limitOf(catalog, 'max_sync_workers_per_subscription') !== 0) return []
  return [
    {
      severity: 'error',
      code: 'sync-workers',
      side: catalog.side,
      message: 'max_sync_workers_per_subscription is 0, so no table would ever be copied',
      fix: waysToSet(catalog, 'max_sync_workers_per_subscription', '2', 'reload'),
    },
  ]
}

/** Replication workers, and the launcher that starts them, are taken out of max_worker_processes. */
function processes(catalog: IndexedCatalog, others: number, needs: DirectionNeeds): readonly Diagnostic[] {
  const limit = limitOf(catalog, 'max_worker_processes')
  const allowed = limitOf(catalog, 'max_logical_replication_workers')
  if (limit === undefined || allowed === undefined) return []
  const wanted = 1 + others + needs.streams + Math.min(1, needs.syncs)
  if (limit >= wanted && limit >= allowed) return []
  const missing = limit < wanted
  return [
    {
      severity: missing ? 'error' : 'warning',
      code: 'worker-processes',
      side: catalog.side,
      message: missing
        ? `max_worker_processes is ${String(limit)}; the launcher and the workers of ${counted(others + 1, 'subscription')} need at least ${String(wanted)}`
        : `max_worker_processes is ${String(limit)}, less than the ${String(allowed)} that max_logical_replication_workers promises; parallel queries draw on it too`,
      fix: waysToSet(catalog, 'max_worker_processes', String(Math.max(allowed, wanted) + SPARE), 'restart'),
    },
  ]
}

/** Bounded by max_replication_slots up to 17 and by a setting of its own from 18. */
export function checkOrigins(catalog: IndexedCatalog, needs: DirectionNeeds, names: Names): readonly Diagnostic[] {
  const setting = catalog.server.major >= 18 ? 'max_active_replication_origins' : 'max_replication_slots'
  const limit = limitOf(catalog, setting)
  const { subscription } = needs.direction === 'forward' ? names.forward : names.reverse
  // A subscription's origin is called pg_<oid>, one of a table being copied pg_<oid>_<oid>.
  const held = catalog.subscriptionByName(subscription) === undefined ? 0 : 1
  const others = Math.max(0, catalog.origins.filter((o) => !/^pg_\d+_\d+$/.test(o.name)).length - held)
  const wanted = needs.streams + needs.syncs
  if (limit === undefined || limit - others >= wanted) return []
  return [
    {
      severity: 'error',
      code: 'replication-origins',
      side: catalog.side,
      message: `${setting} is ${String(limit)} and others use ${counted(others, 'replication origin')}; the ${needs.direction} direction needs ${needsText(needs)}`,
      fix: waysToSet(catalog, setting, String(others + wanted + SPARE), 'restart'),
    },
  ]
}

function privilege(catalog: IndexedCatalog, { direction }: DirectionNeeds): readonly Diagnostic[] {
  const { me, side, server, database } = catalog
  if (me.mayCreateSubscription) return []
  const forward = direction === 'forward'
  const grants = `grant pg_create_subscription to ${quoteIdent(me.name)}; grant create on database ${quoteIdent(database.name)} to ${quoteIdent(me.name)};`
  const way =
    server.major >= 16
      ? grants
      : 'Before 16 only a superuser (or the provider’s admin role) can: use such a login as admin.'
  return [
    {
      severity: 'error',
      code: 'subscription-privilege',
      side,
      message: forward
        ? `${me.name} may not create a subscription on the ${side}`
        : `the way back needs a subscription on the ${side}, which ${me.name} may not create`,
      fix: forward ? way : `${way} Or give up the way back with reverse: { enabled: false }.`,
    },
  ]
}

/** Rows are compared at one position of the log, which only the origin of the subscription tells. */
function progress({ me, side, server }: IndexedCatalog, { direction }: DirectionNeeds): readonly Diagnostic[] {
  if (me.mayReadOriginProgress || direction === 'reverse') return []
  return [
    {
      severity: 'error',
      code: 'origin-privilege',
      side,
      message: `${me.name} may not ask on the ${side} how far replication has come, without which rows cannot be compared`,
      fix:
        server.major >= 14
          ? `grant execute on function pg_catalog.pg_replication_origin_progress(text, boolean) to ${quoteIdent(me.name)}; (in this database, as a superuser)`
          : 'Before 14 only a superuser can, whatever is granted: use such a login as admin.',
    },
  ]
}
