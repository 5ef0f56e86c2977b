import type { QualifiedName, SchemaObject } from '../../catalog/schema-script.js'
import type { MigrationContext } from '../../migration/context.js'
import type { RowRoute } from '../../migration/scope.js'

export type Rows = Pick<MigrationContext, 'source' | 'scope'>

/**
 * A foreign key that cannot be made after the copy: its rows refer to some that come in the pause or never, so it would
 * be refused; or replication cannot go on under it.
 */
export function isLateForeignKey(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  if (ends === undefined) return false
  return (ends.child.some(streams) && !ends.parent.every(streams)) || isUnproven(object, rows) || isCut(object, rows)
}

/**
 * What a side that is fed cannot bear. TRUNCATE … CASCADE of a table arrives as the truncation of those that stream, and
 * is refused for good while one refers to it that does not. A row that broke a constraint of a domain before it was added
 * may be changed elsewhere, and is refused when it arrives. A CHECK of a table is no such thing: the side that serves
 * checks every change against it already.
 */
export function stopsFeeding(object: SchemaObject, rows: Rows): boolean {
  return isOldOfDomain(object) || isCut(object, rows)
}

export function isOldOfDomain({ kind, table, constraint }: SchemaObject): boolean {
  return kind === 'constraint' && table === undefined && constraint?.notValid === true
}

/** The rows it refers to stay behind (schema_only): it holds for new rows at best. */
export function isUnproven(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  return ends?.parent.includes('none') === true && ends.child.some((route) => route !== 'none')
}

/** On the source its rows stay while the target serves (schema_only), and lose there what they refer to. */
export function isUnwatched(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  return ends?.child.includes('none') === true || ends?.parent.includes('none') === true
}

function isCut(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  return ends !== undefined && ends.parent.some(streams) && !ends.child.every(streams)
}

interface Ends {
  readonly child: readonly RowRoute[]
  readonly parent: readonly RowRoute[]
}

/** How the rows of both tables of a foreign key travel; of a partitioned one those of its leaves. */
function endsOf({ constraint, table }: SchemaObject, rows: Rows): Ends | undefined {
  if (constraint?.type !== 'foreign key' || table === undefined || constraint.references === undefined) return undefined
  return { child: routesOf(table, rows), parent: routesOf(constraint.references, rows) }
}

function routesOf(table: QualifiedName, rows: Rows): readonly RowRoute[] {
  const { source, scope } = rows
  if (source.tableByName(table.schema, table.name)?.kind !== 'partitioned table') {
    const route = scope.routeOf(table.schema, table.name)
    return route === undefined ? [] : [route]
  }
  return source.tables
    .filter((t) => t.isPartition && t.parents.some((p) => p.schema === table.schema && p.name === table.name))
    .flatMap((t) => routesOf(t, rows))
}

function streams(route: RowRoute): boolean {
  return route === 'replicate' || route === 'replicate-full'
}
