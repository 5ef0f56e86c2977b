import type { Catalog } from '../catalog/catalog.js'
import { objectKey } from '../catalog/object-key.js'
import type { ObjectKey } from '../catalog/object-key.js'
import type { Pglogical } from '../catalog/pglogical.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { Subscription } from '../catalog/replication.js'
import type { Condition } from './condition.js'

/**
 * The catalog as it will be once the condition holds, for conditions that want something gone or noted; what wants
 * something made or changed leaves it as it is, for how it would look cannot be told from the condition.
 */
export function takeAway(condition: Condition, catalog: Catalog): Catalog {
  switch (condition.is) {
    case 'subscription':
      return condition.there ? catalog : { ...catalog, subscriptions: unnamed(catalog.subscriptions, condition.name) }
    case 'slot':
      return condition.there ? catalog : { ...catalog, slots: unnamed(catalog.slots, condition.name) }
    case 'publication':
      return condition.there ? catalog : { ...catalog, publications: unnamed(catalog.publications, condition.name) }
    case 'published':
      return {
        ...catalog,
        publications: catalog.publications.map((p) =>
          p.name === condition.name ? withoutTables(p, condition.tables) : p,
        ),
      }
    case 'carried':
      return {
        ...catalog,
        subscriptions: catalog.subscriptions.map((s) =>
          s.name === condition.name ? notCarrying(s, condition.tables) : s,
        ),
      }
    case 'set aside':
      return {
        ...catalog,
        subscriptions: catalog.subscriptions.map((s) =>
          s.name === condition.name ? withoutTables(s, condition.tables) : s,
        ),
      }
    case 'origin':
      return condition.there ? catalog : { ...catalog, origins: unnamed(catalog.origins, condition.name) }
    case 'role':
      return condition.there ? catalog : { ...catalog, roles: unnamed(catalog.roles, condition.name) }
    case 'record': {
      const { lineage, action, there } = condition
      const others = (catalog.records ?? []).filter((r) => r.lineage !== lineage || r.action !== action)
      const noted = { lineage, action, object: '', before: null, at: '' }
      return { ...catalog, records: there ? [...others, noted] : others }
    }
    case 'no records':
      return {
        ...catalog,
        records: (catalog.records ?? []).filter((r) => r.lineage !== condition.lineage),
        beltTables: catalog.beltTables.filter((t) => t !== condition.markerTable),
      }
    case 'no state':
      return { ...catalog, beltStates: (catalog.beltStates ?? []).filter((l) => l !== condition.lineage) }
    case 'objects':
      return condition.there ? catalog : withoutObjects(new Set(condition.keys), catalog)
    case 'empty':
      return { ...catalog, tables: emptied(condition.tables, catalog.tables) }
    case 'unpopulated': {
      const { schema, name } = condition.view
      const views = catalog.materializedViews.map((v) =>
        v.schema === schema && v.name === name ? { ...v, populated: false } : v,
      )
      return { ...catalog, materializedViews: views }
    }
    case 'extension':
      return condition.there ? catalog : withoutExtension(condition.name, catalog)
    case 'node':
      return condition.there ? catalog : withPglogical(catalog, { localNode: undefined, sets: [] })
    case 'replication set':
      return condition.there
        ? catalog
        : withPglogical(catalog, { sets: unnamed(catalog.pglogical?.sets ?? [], condition.name) })
    case 'setting':
    case 'closed':
    case 'trigger':
    case 'event trigger':
    case 'replica identity':
      return catalog
  }
}

function unnamed<T extends { readonly name: string }>(items: readonly T[], name: string): readonly T[] {
  return items.filter((item) => item.name !== name)
}

function withoutTables<T extends { readonly tables: readonly QualifiedName[] }>(
  lists: T,
  tables: readonly QualifiedName[],
): T {
  const named = (t: QualifiedName): boolean =>
    tables.some((other) => other.schema === t.schema && other.name === t.name)
  return { ...lists, tables: lists.tables.filter((t) => !named(t)) }
}

/** pglogical goes on carrying a table that it is told to copy anew. */
function notCarrying(subscription: Subscription, tables: readonly QualifiedName[]): Subscription {
  const others = withoutTables(subscription, tables)
  if (subscription.of !== 'pglogical') return others
  const anew = tables.map(({ schema, name }) => ({ schema, name, state: 'initialize' as const, alone: true as const }))
  return { ...others, tables: [...others.tables, ...anew] }
}

function withPglogical(catalog: Catalog, changed: Partial<Pglogical>): Catalog {
  const { pglogical } = catalog
  return pglogical === undefined ? catalog : { ...catalog, pglogical: { ...pglogical, ...changed } }
}

function withoutExtension(name: string, catalog: Catalog): Catalog {
  const { pglogical, ...others } = catalog
  const extensions = unnamed(catalog.extensions, name)
  return name === 'pglogical' || pglogical === undefined
    ? { ...others, extensions }
    : { ...others, pglogical, extensions }
}

/** An index stands behind a constraint of its name, so it goes too. */
function withoutObjects(keys: ReadonlySet<ObjectKey>, catalog: Catalog): Catalog {
  const constraintKey = (schema: string, table: string, name: string): ObjectKey =>
    objectKey('constraint', schema, table, name)
  return {
    ...catalog,
    script: { ...catalog.script, objects: catalog.script.objects.filter((o) => !keys.has(o.key)) },
    indexes: catalog.indexes.filter(
      (i) =>
        !keys.has(objectKey('index', i.schema, i.name)) &&
        (i.constraint === undefined || !keys.has(constraintKey(i.schema, i.table, i.constraint))),
    ),
    constraints: catalog.constraints.filter((c) => !keys.has(constraintKey(c.schema, c.table, c.name))),
  }
}

function emptied(tables: readonly QualifiedName[], all: Catalog['tables']): Catalog['tables'] {
  const names = new Set(tables.map((t) => `${t.schema}\u0000${t.name}`))
  return all.map((t) =>
    names.has(`${t.schema}\u0000${t.name}`)
      ? { ...t, volatile: { ...t.volatile, rows: 0, bytes: 0, heapBytes: 0 } }
      : t,
  )
}
