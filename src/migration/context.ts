import type { ProbeContext } from '../actions/probe-context.js'
import type { Inspection } from '../catalog/inspection.js'
import { indexCatalog } from '../catalog/indexed.js'
import type { IndexedCatalog } from '../catalog/indexed.js'
import { objectKey } from '../catalog/object-key.js'
import type { ObjectKey } from '../catalog/object-key.js'
import { withoutRoleGrants } from '../catalog/without-role-grants.js'
import { SIDES } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'
import { ADOPT_ID, withAdopted } from './adopted-names.js'
import { carriersOf } from './carriers.js'
import type { Carriers } from './carriers.js'
import { fencedByMark } from './direction.js'
import { fenceId } from './fence-record.js'
import { lineageOf, namesOf } from './names.js'
import type { DirectionNames, Names } from './names.js'
import { pglogicalSlot } from './pglogical-slot.js'
import { scopeOf } from './scope.js'
import type { Scope } from './scope.js'
import { withStreamedTables } from './streamed-tables.js'
import { restsOnTimeline, timelineChanged } from './timelines.js'

/** One migration as it stands: what is wanted, what was found, and the names and scope that follow from both. */
export interface MigrationContext extends ProbeContext {
  readonly spec: Spec
  readonly inspection: Inspection
  readonly state: State | undefined
  readonly source: IndexedCatalog
  readonly target: IndexedCatalog
  readonly names: Names
  readonly carriers: Carriers
  readonly scope: Scope
}

export function migrationContext(spec: Spec, inspection: Inspection, state: State | undefined): MigrationContext {
  const source = indexCatalog(
    withoutRoleGrants(withStreamedTables(inspection.source, inspection.target), spec.roles.replication.name),
  )
  const target = indexCatalog(
    withoutRoleGrants(withStreamedTables(inspection.target, inspection.source), spec.roles.replication.name),
  )
  const lineage = inspection.gone?.lineage ?? lineageOf(spec.name, identity(source), identity(target))
  const derived = namesOf(spec.name, lineage)
  const plain = withAdopted(
    derived,
    [source, target].map((side) => side.recordOf(derived.lineage, ADOPT_ID)),
  )
  const carriers = carriersOf(spec, plain, source, target)
  const names = withSlots(plain, carriers, inspection)
  return {
    spec,
    inspection,
    state,
    source,
    target,
    names,
    carriers,
    scope: scopeOf(spec, source, carriers),
    marks: marksOf(state, { source, target }, names),
  }
}

/** pglogical names its slots itself. */
function withSlots(names: Names, carriers: Carriers, { source, target }: Inspection): Names {
  const of = (direction: DirectionNames, subscriber: string, provider: string): DirectionNames => ({
    ...direction,
    slot: pglogicalSlot(subscriber, provider, direction.subscription),
  })
  const { forward, reverse, nodes } = names
  return {
    ...names,
    forward: carriers.forward === 'pglogical' ? of(forward, target.database.name, nodes.source) : forward,
    reverse: carriers.reverse === 'pglogical' ? of(reverse, source.database.name, nodes.target) : reverse,
  }
}

function identity(catalog: IndexedCatalog): { systemIdentifier: string; database: string } {
  return { systemIdentifier: catalog.server.systemIdentifier, database: catalog.database.name }
}

/**
 * What was proven or gathered of a table's rows holds for the copy it was made of: when the subscription does not stream
 * the table any more, another copy will come and the mark says nothing about it. What was done inside a pause holds
 * while the fence stands that stood then: once it fell, applications have gone on writing. On another timeline a server
 * may lack what was proven to be there.
 */
function marksOf(
  state: State | undefined,
  catalogs: Readonly<Record<Side, IndexedCatalog>>,
  names: Names,
): ReadonlySet<string> {
  const carried = new Set(
    catalogs.target
      .subscriptionByName(names.forward.subscription)
      ?.tables.filter((t) => t.state === 'ready')
      .map((t) => objectKey('table', t.schema, t.name)),
  )
  const provenBefore = state !== undefined && SIDES.some((side) => timelineChanged(state, catalogs, side))
  const holds = ([mark, { evidence }]: readonly [string, State['marks'][string]]): boolean => {
    const fenced = fencedByMark(mark)
    if (provenBefore && restsOnTimeline(mark)) return false
    if (fenced !== undefined) {
      const fence = catalogs[fenced].recordOf(names.lineage, fenceId(fenced))
      return fence !== undefined && evidence?.['fence'] === fence.at
    }
    const about = /^(?:verified|analyzed) (table .*)$/s.exec(mark)?.[1]
    return about === undefined || carried.has(about as ObjectKey)
  }
  return new Set(
    Object.entries(state?.marks ?? {})
      .filter(holds)
      .map(([mark]) => mark),
  )
}
