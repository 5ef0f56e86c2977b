import type { IndexedCatalog } from '../catalog/indexed.js'
import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { OPERATIONS } from '../core/table-part.js'
import type { Operation, TablePart } from '../core/table-part.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { publishedTables } from './published-tables.js'

/** A publication or replication set of one direction: tables of which the same kinds of change are carried. */
export interface PublishedSet {
  readonly name: string
  /** What tells it from the direction's other sets, in ids and at the end of its name; '' for the first. */
  readonly key: string
  readonly operations: readonly Operation[]
  readonly tables: readonly PublishedTable[]
}

/** The first carries every kind of change, and belt's marker table is in it; others stand only where a table needs them. */
export function setsOf(context: MigrationContext, publisher: Side): readonly [PublishedSet, ...PublishedSet[]] {
  const { publication } = publishedFrom(publisher, context.names)
  const whole: PublishedTable[] = []
  const others = new Map<string, { readonly operations: readonly Operation[]; readonly tables: PublishedTable[] }>()
  for (const table of publishedTables(context)) {
    const operations = operationsOf(table.part, publisher)
    const key = operations.map((o) => o[0]).join('')
    const set = others.get(key) ?? { operations, tables: [] }
    if (operations.length === OPERATIONS.length) whole.push(table)
    else others.set(key, { ...set, tables: [...set.tables, table] })
  }
  const more = [...others].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    { name: publication, key: '', operations: OPERATIONS, tables: whole },
    ...more.map(([key, set]) => ({ name: `${publication}_${key}`, key, ...set })),
  ]
}

/** A TRUNCATE on the target would empty the source of the rows, too, that a filter has left there. */
function operationsOf(part: TablePart | undefined, publisher: Side): readonly Operation[] {
  const { operations = OPERATIONS, filter } = part ?? {}
  return publisher === 'target' && filter !== undefined ? operations.filter((o) => o !== 'truncate') : operations
}

/** The set that a table streams in. */
export function setOf(context: MigrationContext, publisher: Side, { schema, name }: QualifiedName): PublishedSet {
  const sets = setsOf(context, publisher)
  return sets.find((s) => s.tables.some((t) => t.schema === schema && t.name === name)) ?? sets[0]
}

/** Names of a direction's sets that stand on the side that publishes, whatever the spec says by now. */
export function setNamesThere(catalog: IndexedCatalog, publication: string): readonly string[] {
  const names = [...catalog.publications, ...(catalog.pglogical?.sets ?? [])].map((p) => p.name)
  const isOwn = (name: string): boolean =>
    name === publication || (name.startsWith(`${publication}_`) && /^[iudt]+$/.test(name.slice(publication.length + 1)))
  return names.filter(isOwn)
}
