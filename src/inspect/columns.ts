import type { Column } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { readTypeEquality } from './column-equality.js'
import { userTable } from './sql-fragments.js'

interface ColumnRow {
  readonly table: number
  readonly name: string
  readonly type: string
  readonly type_oid: number
  readonly not_null: boolean
  readonly generated: string
  readonly identity: string
}

const COLUMNS = `
  select
    a.attrelid as "table",
    a.attname::text as name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
    a.atttypid as type_oid,
    a.attnotnull as not_null,
    a.attgenerated::text as generated,
    a.attidentity::text as identity
  from pg_catalog.pg_attribute as a
  join pg_catalog.pg_class as c on c.oid = a.attrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and ${userTable('c', 'n')}
  order by a.attrelid, a.attnum`

/** The columns of all user tables by the table's OID, in attnum order. */
export async function readColumns(reader: CatalogReader): Promise<ReadonlyMap<number, readonly Column[]>> {
  const equality = await readTypeEquality(reader)
  const byTable = new Map<number, Column[]>()
  for (const row of await reader.query<ColumnRow>(COLUMNS)) {
    const column: Column = {
      name: row.name,
      type: row.type,
      notNull: row.not_null,
      generated: generatedKind(row.generated),
      identity: identityKind(row.identity),
      equality: equality(row.type_oid),
    }
    const columns = byTable.get(row.table)
    if (columns) columns.push(column)
    else byTable.set(row.table, [column])
  }
  return byTable
}

/** pg_attribute.attgenerated; a kind that a newer server adds is computed all the same. */
function generatedKind(letter: string): Column['generated'] {
  if (letter === '') return undefined
  return letter === 's' ? 'stored' : 'virtual'
}

/** pg_attribute.attidentity. */
function identityKind(letter: string): Column['identity'] {
  if (letter === '') return undefined
  return letter === 'd' ? 'by default' : 'always'
}
