import type { IndexedCatalog } from '../catalog/indexed.js'
import type { Table } from '../catalog/relations.js'
import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName, SchemaObject } from '../catalog/schema-script.js'
import { parseQualified } from '../core/qualified-name.js'
import { quoteQualified } from '../core/quote.js'
import type { TablePart } from '../core/table-part.js'
import type { KeylessMethod, ScopeSpec, Spec } from '../spec/spec.js'
import { matchesPattern } from '../spec/table-pattern.js'
import { TRAITS } from './carriers.js'
import type { Carriers } from './carriers.js'

/** How the rows of one table travel. */
export type RowRoute =
  /** Published: initial copy, then streamed. */
  | 'replicate'
  /** Published after REPLICA IDENTITY FULL is set, since it has no key (rule 3). */
  | 'replicate-full'
  /** In no publication; its rows are copied inside the cutover's pause. */
  | 'copy-at-cutover'
  /** Structure only: partitioned parents (their leaves hold the rows), foreign tables, schema_only tables. */
  | 'none'

export interface ScopedTable {
  readonly table: Table
  readonly route: RowRoute
  /** Why the route is what it is, when the user did not choose it. */
  readonly because?: string
  /** Only of a table that streams by its key, or takes new rows alone: what of it moves, where not all of it does. */
  readonly part?: TablePart
}

/** As a publication has it. */
export function publishedTable({ table: { schema, name }, part }: ScopedTable): PublishedTable {
  return { schema, name, ...(part === undefined ? {} : { part }) }
}

export interface Scope {
  readonly tables: readonly ScopedTable[]
  readonly routeOf: (schema: string, name: string) => RowRoute | undefined
  readonly partOf: (schema: string, name: string) => TablePart | undefined
  readonly includesSchema: (schema: string) => boolean
  readonly includesObject: (object: SchemaObject) => boolean
}

export const BELT_SCHEMA = 'belt'

/** Schema and extension of pglogical: how rows travel, not what travels. */
export const MACHINERY = 'pglogical'

export function scopeOf(spec: Spec, source: IndexedCatalog, carriers: Carriers): Scope {
  const includesSchema = (schema: string): boolean =>
    schema !== BELT_SCHEMA &&
    schema !== MACHINERY &&
    (spec.scope.schemas.length === 0 || spec.scope.schemas.includes(schema))
  const includesTable = (t: QualifiedName): boolean =>
    includesSchema(t.schema) && !matchesAny(spec.scope.excludeTables, t)
  const tables = source.tables.filter(includesTable).map((table) => route(table, spec, carriers))
  const scoped = new Map(tables.map((t) => [key(t.table), t]))
  return {
    tables,
    routeOf: (schema, name) => scoped.get(key({ schema, name }))?.route,
    partOf: (schema, name) => scoped.get(key({ schema, name }))?.part,
    includesSchema,
    includesObject: (object) => includesObject(object, source, includesSchema, includesTable),
  }
}

function includesObject(
  object: SchemaObject,
  source: IndexedCatalog,
  includesSchema: (schema: string) => boolean,
  includesTable: (t: QualifiedName) => boolean,
): boolean {
  if (object.about !== undefined) {
    const about = source.objectByKey.get(object.about)
    if (about) return includesObject(about, source, includesSchema, includesTable)
  }
  if (object.table) return includesTable(object.table)
  if (object.kind === 'extension' && object.name === MACHINERY) return false
  if (object.kind === 'schema') return includesSchema(object.name)
  if (object.schema === undefined) return true
  if (object.kind === 'extension') return true
  return includesTable({ schema: object.schema, name: object.name })
}

function route(table: Table, spec: Spec, carriers: Carriers): ScopedTable {
  const carrier = TRAITS[carriers.forward]
  if (table.kind !== 'table') return { table, route: 'none' }
  if (comesEmpty(table, spec)) return { table, route: 'none' }
  if (table.persistence === 'unlogged') {
    return { table, route: 'copy-at-cutover', because: 'it is unlogged, so its changes are not in the log' }
  }
  const generated = carrier.streamsGeneratedColumns ? undefined : table.columns.find((c) => c.generated !== undefined)
  if (generated) {
    const because = `column ${generated.name} is generated, and ${carriers.forward} crashes the target over such rows`
    return { table, route: 'copy-at-cutover', because }
  }
  const part = spec.scope.parts?.[quoteQualified(table.schema, table.name)]
  const isKeyed = table.replicaIdentity !== 'full' && table.identityColumns.length > 0
  if (isKeyed || streamsWithoutKey(part)) {
    return { table, route: 'replicate', ...(part === undefined ? {} : { part }) }
  }
  const incomparable = table.columns.find((c) => !c.equality)
  const chosen = keylessMethod(table, spec)
  if (chosen === 'copy_at_cutover') return { table, route: 'copy-at-cutover' }
  if (!carrier.findsRowsWithoutKey) {
    const because = `no key of it is its replica identity, and ${carriers.forward} loses updates and deletes of such tables`
    return { table, route: 'copy-at-cutover', because }
  }
  if (incomparable) {
    const because = `column ${incomparable.name} has type ${incomparable.type}, which has no equality, so REPLICA IDENTITY FULL cannot find its rows`
    return { table, route: 'copy-at-cutover', because }
  }
  return { table, route: table.replicaIdentity === 'full' ? 'replicate' : 'replicate-full' }
}

/** New rows alone need nothing to find old ones by. */
function streamsWithoutKey(part: TablePart | undefined): boolean {
  if (part?.operations === undefined || part.filter !== undefined || part.columns !== undefined) return false
  return !part.operations.includes('update') && !part.operations.includes('delete')
}

/** Whether the spec asks for a table's structure without its rows. */
function comesEmpty(table: QualifiedName, { scope }: Spec): boolean {
  const { tablesWithRows = [] } = scope
  const listed = tablesWithRows.length === 0 || matchesAny(tablesWithRows, table)
  return !listed || matchesAny(scope.schemaOnlyTables, table)
}

function keylessMethod(table: QualifiedName, spec: Spec): KeylessMethod {
  for (const [text, method] of Object.entries(spec.keyless.tables)) {
    const named = parseQualified(text)
    if (named?.schema === table.schema && named.name === table.name) return method
  }
  return spec.keyless.default
}

function matchesAny(patterns: ScopeSpec['excludeTables'], table: QualifiedName): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, table.schema, table.name))
}

function key(t: QualifiedName): string {
  return `${t.schema}\u0000${t.name}`
}
