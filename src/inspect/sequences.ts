import type { Sequence } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { optional } from './optional.js'
import { notOfExtension, userSchema } from './sql-fragments.js'

interface SequenceRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly start: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly cycle: boolean
  readonly cache: string
  readonly owner_schema: string | null
  readonly owner_table: string | null
  readonly owner_column: string | null
}

/** pg_depend says which column owns it: `a` by serial or OWNED BY, `i` by identity. */
const SEQUENCES = `
  select
    c.oid as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    pg_catalog.format_type(s.seqtypid, null) as type,
    s.seqstart::text as start,
    s.seqincrement::text as increment,
    s.seqmin::text as min,
    s.seqmax::text as max,
    s.seqcycle as cycle,
    s.seqcache::text as cache,
    tn.nspname::text as owner_schema,
    t.relname::text as owner_table,
    a.attname::text as owner_column
  from pg_catalog.pg_sequence as s
  join pg_catalog.pg_class as c on c.oid = s.seqrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  left join pg_catalog.pg_depend as d
    on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.objsubid = 0
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
  left join pg_catalog.pg_class as t on t.oid = d.refobjid
  left join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
  left join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where c.relpersistence <> 't' and ${userSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
  order by n.nspname collate "C", c.relname collate "C"`

/** A sequence still without its last value, which is read at the end (see readLastValues). */
export interface SequenceShape {
  readonly oid: number
  readonly sequence: Omit<Sequence, 'volatile'>
}

/** Sequences, those of serial and identity columns included. */
export async function readSequences(reader: CatalogReader): Promise<readonly SequenceShape[]> {
  const rows = await reader.query<SequenceRow>(SEQUENCES)
  return rows.map((row) => ({
    oid: row.oid,
    sequence: {
      schema: row.schema,
      name: row.name,
      type: row.type,
      start: row.start,
      increment: row.increment,
      min: row.min,
      max: row.max,
      cycle: row.cycle,
      cache: row.cache,
      ...optional('ownedBy', ownerColumn(row)),
    },
  }))
}

function ownerColumn(row: SequenceRow): Sequence['ownedBy'] | undefined {
  const { owner_schema: schema, owner_table: table, owner_column: column } = row
  return schema === null || table === null || column === null ? undefined : { schema, table, column }
}
