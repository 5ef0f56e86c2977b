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

/** Rows it refers to stay behind (schema_only, a row filter): it holds for new rows at best. */
export function isUnproven(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  if (ends === undefined) return false
  return (ends.parent.includes('none') || ends.filtered.parent) && ends.child.some((route) => route !== 'none')
}

/** On the source its rows stay while the target serves (schema_only, a row filter), and lose there what they refer to. */
export function isUnwatched(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  if (ends === undefined) return false
  const { child, parent, filtered } = ends
  return child.includes('none') || parent.includes('none') || filtered.child || filtered.parent
}

/** TRUNCATE of the parent arrives, in one direction at least, and that of the child which it takes along does not. */
function isCut(object: SchemaObject, rows: Rows): boolean {
  const ends = endsOf(object, rows)
  if (ends === undefined) return false
  const { emptied } = ends
  return DIRECTIONS.some((way) => emptied.parent[way].includes(true) && emptied.child[way].includes(false))
}

const DIRECTIONS = ['forward', 'back'] as const
/** Of each table, whether its TRUNCATE is carried. */
type Emptied = Readonly<Record<(typeof DIRECTIONS)[number], readonly boolean[]>>

interface Ends {
  readonly child: readonly RowRoute[]
  readonly parent: readonly RowRoute[]
  /** Which of them have a row filter, so that some rows stay behind. */
  readonly filtered: { readonly child: boolean; readonly parent: boolean }
  readonly emptied: { readonly child: Emptied; readonly parent: Emptied }
}

/** How the rows of both tables of a foreign key travel; of a partitioned one those of its leaves. */
function endsOf({ constraint, table }: SchemaObject, rows: Rows): Ends | undefined {
  if (constraint?.type !== 'foreign key' || table === undefined || constraint.references === undefined) return undefined
  const children = leavesOf(table, rows)
  const parents = leavesOf(constraint.references, rows)
  return {
    child: routesOf(children, rows),
    parent: routesOf(parents, rows),
    filtered: { child: isFiltered(children, rows), parent: isFiltered(parents, rows) },
    emptied: { child: emptiedOf(children, rows), parent: emptiedOf(parents, rows) },
  }
}

function isFiltered(tables: readonly QualifiedName[], { scope }: Rows): boolean {
  return tables.some((t) => scope.partOf(t.schema, t.name)?.filter !== undefined)
}

/** On the way back a TRUNCATE of a filtered table is not carried, for it would take what never moved along. */
function emptiedOf(tables: readonly QualifiedName[], { scope }: Rows): Emptied {
  const known = tables.filter((t) => scope.routeOf(t.schema, t.name) !== undefined)
  const carries = (t: QualifiedName): boolean => {
    const route = scope.routeOf(t.schema, t.name)
    return (
      route !== undefined &&
      streams(route) &&
      scope.partOf(t.schema, t.name)?.operations?.includes('truncate') !== false
    )
  }
  const isWhole = (t: QualifiedName): boolean => scope.partOf(t.schema, t.name)?.filter === undefined
  return { forward: known.map(carries), back: known.map((t) => carries(t) && isWhole(t)) }
}

function routesOf(tables: readonly QualifiedName[], { scope }: Rows): readonly RowRoute[] {
  return tables.flatMap((t) => scope.routeOf(t.schema, t.name) ?? [])
}

function leavesOf(table: QualifiedName, rows: Rows): readonly QualifiedName[] {
  const { source } = rows
  if (source.tableByName(table.schema, table.name)?.kind !== 'partitioned table') return [table]
  return source.tables
    .filter((t) => t.isPartition && t.parents.some((p) => p.schema === table.schema && p.name === table.name))
    .flatMap((t) => leavesOf(t, rows))
}

function streams(route: RowRoute): boolean {
  return route === 'replicate' || route === 'replicate-full'
}
