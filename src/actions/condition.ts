import { identityFact } from '../catalog/facts.js'
import type { IndexedCatalog } from '../catalog/indexed.js'
import type { ObjectKey } from '../catalog/object-key.js'
import { objectKey } from '../catalog/object-key.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { Operation } from '../core/table-part.js'
import type { Trigger } from '../catalog/relations.js'
import type { Table } from '../catalog/relations.js'
import { isClosed } from './closed.js'
import type { Closed } from './closed.js'
import { holdsSet, sameOperations } from './published.js'
import type { WantedSet } from './published.js'

/** Something that is true of one side or not, as its catalog shows; what an `ensure` action brings about. */
export type Condition =
  | {
      readonly is: 'subscription'
      readonly name: string
      readonly there: boolean
      readonly enabled?: boolean
      /** It takes all of these. */
      readonly publications?: readonly string[]
    }
  | { readonly is: 'slot'; readonly name: string; readonly there: boolean }
  | { readonly is: 'publication'; readonly name: string; readonly there: boolean }
  /** The publication or replication set holds none of these tables. */
  | {
      readonly is: 'published'
      readonly name: string
      readonly tables: readonly QualifiedName[]
      readonly there: false
    }
  /** The subscription carries none of these tables, or copies them anew. */
  | { readonly is: 'carried'; readonly name: string; readonly tables: readonly QualifiedName[]; readonly there: false }
  /** pglogical's subscription passes over the changes of all these tables until they are copied anew. */
  | { readonly is: 'set aside'; readonly name: string; readonly tables: readonly QualifiedName[] }
  | { readonly is: 'origin'; readonly name: string; readonly there: boolean }
  /** A list of the server holds the word. */
  | { readonly is: 'setting'; readonly name: string; readonly lists: string }
  | { readonly is: 'extension'; readonly name: string; readonly there: boolean }
  /** pglogical's node of this database. */
  | { readonly is: 'node'; readonly name: string; readonly there: boolean }
  /** pglogical's. */
  | ({
      readonly is: 'replication set'
      readonly name: string
      readonly there: boolean
      readonly operations?: readonly Operation[]
    } & Partial<WantedSet>)
  | { readonly is: 'role'; readonly name: string; readonly there: boolean }
  | Closed
  | { readonly is: 'record'; readonly lineage: string; readonly action: string; readonly there: boolean }
  /** No record and no marker table of the migration is left. */
  | { readonly is: 'no records'; readonly lineage: string; readonly markerTable: string }
  /** No state of the migration is kept in schema belt. */
  | { readonly is: 'no state'; readonly lineage: string }
  | {
      readonly is: 'trigger'
      readonly table: QualifiedName
      readonly name: string
      readonly enabled: Trigger['enabled']
    }
  | { readonly is: 'event trigger'; readonly name: string; readonly enabled: Trigger['enabled'] }
  | { readonly is: 'replica identity'; readonly table: QualifiedName; readonly identity: Table['replicaIdentity'] }
  /** All of these schema objects stand there, or none of them. */
  | { readonly is: 'objects'; readonly keys: readonly ObjectKey[]; readonly there: boolean }
  /** None of these tables holds a row; one that is not there holds none. */
  | { readonly is: 'empty'; readonly tables: readonly QualifiedName[] }
  | { readonly is: 'unpopulated'; readonly view: QualifiedName }

/** Whether the condition holds on a side. */
export function holds(condition: Condition, catalog: IndexedCatalog): boolean {
  switch (condition.is) {
    case 'subscription': {
      const subscription = catalog.subscriptionByName(condition.name)
      if (!condition.there) return subscription === undefined
      if (subscription === undefined) return false
      const takesAll = (condition.publications ?? []).every((p) => subscription.publications.includes(p))
      return takesAll && (condition.enabled ?? subscription.enabled) === subscription.enabled
    }
    case 'slot':
      return (catalog.slotByName(condition.name) !== undefined) === condition.there
    case 'publication':
      return (catalog.publicationByName(condition.name) !== undefined) === condition.there
    case 'published': {
      const lists = catalog.publicationByName(condition.name) ?? catalog.replicationSetByName(condition.name)
      return !condition.tables.some((t) => lists?.tables.some((l) => isSame(l, t)) === true)
    }
    case 'carried': {
      const carried = catalog.subscriptionByName(condition.name)?.tables ?? []
      return !condition.tables.some((t) => carried.some((c) => isSame(c, t) && c.state !== 'initialize'))
    }
    case 'set aside': {
      const aside = catalog.subscriptionByName(condition.name)?.setAside ?? []
      return condition.tables.every((t) => aside.some((a) => isSame(a, t)))
    }
    case 'origin':
      return catalog.origins.some((o) => o.name === condition.name) === condition.there
    case 'setting': {
      const words = (catalog.server.settings[condition.name] ?? '').split(',')
      return words.some((word) => word.trim() === condition.lists)
    }
    case 'extension':
      return (catalog.extensionByName(condition.name) !== undefined) === condition.there
    case 'node':
      return (catalog.pglogical?.localNode?.name === condition.name) === condition.there
    case 'replication set': {
      const set = catalog.replicationSetByName(condition.name)
      if (set === undefined || !condition.there) return (set !== undefined) === condition.there
      const { operations = set.operations, tables = [] } = condition
      return sameOperations(set.operations, operations) && holdsSet(set, { ...condition, tables }, catalog)
    }
    case 'closed':
      return isClosed(condition, catalog)
    case 'role':
      return (catalog.roleByName(condition.name) !== undefined) === condition.there
    case 'record':
      return (catalog.recordOf(condition.lineage, condition.action) !== undefined) === condition.there
    case 'no records': {
      const recorded = (catalog.records ?? []).some((r) => r.lineage === condition.lineage)
      return !recorded && !catalog.beltTables.includes(condition.markerTable)
    }
    case 'no state':
      return catalog.beltStates?.includes(condition.lineage) !== true
    case 'trigger': {
      const { table, name, enabled } = condition
      return catalog.triggerByName(table.schema, table.name, name)?.enabled === enabled
    }
    case 'event trigger':
      return catalog.eventTriggers.find((t) => t.name === condition.name)?.enabled === condition.enabled
    case 'replica identity':
      return catalog.tableByName(condition.table.schema, condition.table.name)?.replicaIdentity === condition.identity
    case 'objects':
      return condition.keys.every((key) => catalog.objectByKey.has(key) === condition.there)
    case 'empty':
      return condition.tables.every((t) => (catalog.tableByName(t.schema, t.name)?.volatile.heapBytes ?? 0) === 0)
    case 'unpopulated':
      return !catalog.populatedViews.has(objectKey('materialized view', condition.view.schema, condition.view.name))
  }
}

function isSame(one: QualifiedName, other: QualifiedName): boolean {
  return one.schema === other.schema && one.name === other.name
}

/** The facts that bringing a condition about changes, in the words of factsOf. */
export function factsOfCondition(condition: Condition): readonly string[] {
  switch (condition.is) {
    case 'subscription':
    case 'slot':
    case 'publication':
    case 'role':
    case 'setting':
    case 'extension':
    case 'node':
    case 'replication set':
      return [`${condition.is} ${condition.name}`]
    case 'event trigger':
      return [objectKey('event trigger', condition.name)]
    case 'replica identity':
      return [identityFact(condition.table.schema, condition.table.name)]
    case 'published':
      return [`publication ${condition.name}`, `replication set ${condition.name}`]
    case 'objects':
      return condition.keys
    case 'closed':
      return ['database acl', ...condition.logins.map((role) => `role ${role}`)]
    case 'carried':
    case 'set aside':
    case 'empty':
    case 'unpopulated':
    case 'origin':
    case 'record':
    case 'no records':
    case 'no state':
    case 'trigger':
      return []
  }
}
