import type { Constraint } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { optional } from './optional.js'
import { columnOr, userTable } from './sql-fragments.js'

interface ConstraintRow {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly type: string
  readonly validated: boolean
  readonly inherited: boolean
  readonly enforced: boolean
  readonly references_schema: string | null
  readonly references_table: string | null
}

/** Table constraints; those of domains belong to the domain. NOT NULL is among them from 18 on. */
export async function readConstraints(reader: CatalogReader): Promise<readonly Constraint[]> {
  const rows = await reader.query<ConstraintRow>(`
    select
      n.nspname::text as schema,
      c.relname::text as "table",
      k.conname::text as name,
      k.contype::text as type,
      k.convalidated as validated,
      k.conparentid <> 0 or (not k.conislocal and k.coninhcount > 0) as inherited,
      ${columnOr(reader, 'k', 'pg_constraint', 'conenforced', 'true')} as enforced,
      fn.nspname::text as references_schema,
      f.relname::text as references_table
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    left join pg_catalog.pg_class as f on f.oid = k.confrelid
    left join pg_catalog.pg_namespace as fn on fn.oid = f.relnamespace
    where ${userTable('c', 'n')}
    order by n.nspname collate "C", c.relname collate "C", k.conname collate "C", k.contype`)
  return rows.map((row) => ({
    schema: row.schema,
    table: row.table,
    name: row.name,
    type: constraintType(row.type),
    validated: row.validated,
    inherited: row.inherited,
    ...(row.enforced ? {} : { enforced: false }),
    ...optional(
      'references',
      row.references_schema === null || row.references_table === null
        ? undefined
        : { schema: row.references_schema, name: row.references_table },
    ),
  }))
}

/** pg_constraint.contype; what a newer server adds is held for a check. */
function constraintType(letter: string): Constraint['type'] {
  switch (letter) {
    case 'p':
      return 'primary key'
    case 'u':
      return 'unique'
    case 'x':
      return 'exclude'
    case 'f':
      return 'foreign key'
    case 'n':
      return 'not null'
    case 't':
      return 'trigger'
    default:
      return 'check'
  }
}
