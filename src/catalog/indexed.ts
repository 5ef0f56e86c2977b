import type { BeltRecord, Catalog } from './catalog.js'
import { objectKey } from './object-key.js'
import type { ObjectKey } from './object-key.js'
import type { Constraint, Index, Table, Trigger } from './relations.js'
import type { Publication, Slot, Subscription } from './replication.js'
import type { ReplicationSet } from './pglogical.js'
import type { Role } from './roles.js'
import type { Extension } from './server.js'
import type { SchemaObject } from './schema-script.js'

/** A catalog with look-up by name, built once per inspection. */
export interface IndexedCatalog extends Catalog {
  readonly objectByKey: ReadonlyMap<ObjectKey, SchemaObject>
  readonly populatedViews: ReadonlySet<ObjectKey>
  readonly tableByName: (schema: string, name: string) => Table | undefined
  readonly indexByName: (schema: string, name: string) => Index | undefined
  readonly constraintByName: (schema: string, table: string, name: string) => Constraint | undefined
  readonly triggerByName: (schema: string, table: string, name: string) => Trigger | undefined
  readonly roleByName: (name: string) => Role | undefined
  readonly publicationByName: (name: string) => Publication | undefined
  readonly subscriptionByName: (name: string) => Subscription | undefined
  readonly slotByName: (name: string) => Slot | undefined
  readonly replicationSetByName: (name: string) => ReplicationSet | undefined
  readonly extensionByName: (name: string) => Extension | undefined
  readonly recordOf: (lineage: string, action: string) => BeltRecord | undefined
}

export function indexCatalog(catalog: Catalog): IndexedCatalog {
  const tables = by(catalog.tables, (t) => [t.schema, t.name])
  const indexes = by(catalog.indexes, (i) => [i.schema, i.name])
  const constraints = by(catalog.constraints, (c) => [c.schema, c.table, c.name])
  const triggers = by(catalog.triggers, (t) => [t.schema, t.table, t.name])
  const roles = by(catalog.roles, (r) => [r.name])
  const publications = by(catalog.publications, (p) => [p.name])
  const subscriptions = by(catalog.subscriptions, (s) => [s.name])
  const slots = by(catalog.slots, (s) => [s.name])
  const sets = by(catalog.pglogical?.sets ?? [], (s) => [s.name])
  const extensions = by(catalog.extensions, (e) => [e.name])
  const records = by(catalog.records ?? [], (r) => [r.lineage, r.action])
  return {
    ...catalog,
    objectByKey: new Map(catalog.script.objects.map((o) => [o.key, o])),
    populatedViews: new Set(
      catalog.materializedViews.filter((v) => v.populated).map((v) => objectKey('materialized view', v.schema, v.name)),
    ),
    tableByName: tables,
    indexByName: indexes,
    constraintByName: constraints,
    triggerByName: triggers,
    roleByName: roles,
    publicationByName: publications,
    subscriptionByName: subscriptions,
    slotByName: slots,
    replicationSetByName: sets,
    extensionByName: extensions,
    recordOf: records,
  }
}

function by<T>(items: readonly T[], parts: (item: T) => readonly string[]): (...key: string[]) => T | undefined {
  const join = (key: readonly string[]): string => key.join('\u0000')
  const map = new Map(items.map((item) => [join(parts(item)), item]))
  return (...key) => map.get(join(key))
}
