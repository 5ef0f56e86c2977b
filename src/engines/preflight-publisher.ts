import type { IndexedCatalog } from '../catalog/indexed.js'
import { providerOf, waysToSet } from '../catalog/provider.js'
import type { Slot } from '../catalog/replication.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Names } from '../migration/names.js'
import { limitOf, needsText } from './needs.js'
import type { DirectionNeeds } from './needs.js'

/** Room that a fix leaves for others. */
const SPARE = 4

/** What logical replication needs of the side that publishes. What belt holds already is not needed again. */
export function checkPublisher(catalog: IndexedCatalog, needs: DirectionNeeds, names: Names): readonly Diagnostic[] {
  const others = catalog.slots.filter((s) => !isOwn(s, names))
  return [...walLevel(catalog), ...slots(catalog, others, needs), ...senders(catalog, others, needs)]
}

/** belt's slots, and those its subscriptions make while they copy a table (`pg_<oid>_sync_<oid>_<system>`, 14+). */
function isOwn({ name }: Slot, names: Names): boolean {
  return name === names.forward.slot || name === names.reverse.slot || /^pg_\d+_sync_\d+_\d+$/.test(name)
}

function walLevel(catalog: IndexedCatalog): readonly Diagnostic[] {
  const { side, server } = catalog
  const level = server.settings['wal_level']
  if (level === undefined || level === 'logical') return []
  const needed = side === 'source' ? 'the source must publish its changes' : 'the way back publishes from the target'
  const giveUp = side === 'target' ? ' Or give up the way back with reverse: { enabled: false }.' : ''
  return [
    {
      severity: 'error',
      code: 'wal-level',
      side,
      message: `wal_level is ${level}; ${needed}, which needs logical`,
      fix: `${providerOf(catalog)?.logical ?? waysToSet(catalog, 'wal_level', 'logical', 'restart')}${giveUp}`,
    },
  ]
}

function slots(catalog: IndexedCatalog, others: readonly Slot[], needs: DirectionNeeds): readonly Diagnostic[] {
  const limit = limitOf(catalog, 'max_replication_slots')
  const wanted = needs.streams + needs.syncs
  if (limit === undefined || limit - others.length >= wanted) return []
  return [
    {
      severity: 'error',
      code: 'replication-slots',
      side: catalog.side,
      message: `max_replication_slots is ${String(limit)} and others use ${String(others.length)}; the ${needs.direction} direction needs ${needsText(needs)}`,
      fix: waysToSet(catalog, 'max_replication_slots', String(others.length + wanted + SPARE), 'restart'),
    },
  ]
}

/** Walsenders without a slot (a base backup, a standby without one) are not in the catalogs and come on top. */
function senders(catalog: IndexedCatalog, others: readonly Slot[], needs: DirectionNeeds): readonly Diagnostic[] {
  const limit = limitOf(catalog, 'max_wal_senders')
  const active = others.filter((s) => s.volatile.active).length
  const wanted = needs.streams + needs.syncs
  if (limit === undefined || limit - active >= wanted) return []
  return [
    {
      severity: 'error',
      code: 'wal-senders',
      side: catalog.side,
      message: `max_wal_senders is ${String(limit)} and others use at least ${String(active)}; the ${needs.direction} direction needs ${needsText(needs)}`,
      fix: waysToSet(catalog, 'max_wal_senders', String(active + wanted + SPARE), 'restart'),
    },
  ]
}
