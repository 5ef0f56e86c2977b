import type { Publication } from '../catalog/replication.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy, optional } from './optional.js'
import { publishedTable } from './published-table.js'
import type { MemberRow } from './published-table.js'
import { columnOr } from './sql-fragments.js'

interface PublicationRow {
  readonly oid: number
  readonly name: string
  readonly owner: string
  readonly all_tables: boolean
  readonly insert: boolean
  readonly update: boolean
  readonly delete: boolean
  readonly truncate: boolean
  readonly via_root: boolean
  readonly comment: string | null
}

interface PublicationMember extends MemberRow {
  readonly publication: number
}

/** Publications of this database, belt's own included. */
export async function readPublications(reader: CatalogReader): Promise<readonly Publication[]> {
  const publications = await reader.query<PublicationRow>(`
    select
      p.oid as oid,
      p.pubname::text as name,
      pg_catalog.pg_get_userbyid(p.pubowner)::text as owner,
      p.puballtables as all_tables,
      p.pubinsert as insert,
      p.pubupdate as update,
      p.pubdelete as delete,
      p.pubtruncate as truncate,
      ${columnOr(reader, 'p', 'pg_publication', 'pubviaroot', 'false')} as via_root,
      pg_catalog.obj_description(p.oid, 'pg_publication') as comment
    from pg_catalog.pg_publication as p
    order by p.pubname collate "C"`)
  const tables = groupBy(await readTables(reader), (t) => t.publication)
  const schemas = groupBy(await readSchemas(reader), (s) => s.publication)
  return publications.map((row) => ({
    name: row.name,
    owner: row.owner,
    allTables: row.all_tables,
    operations: (['insert', 'update', 'delete', 'truncate'] as const).filter((operation) => row[operation]),
    viaRoot: row.via_root,
    tables: (tables.get(row.oid) ?? []).map(publishedTable),
    ...optional(
      'schemas',
      schemas.get(row.oid)?.map((s) => s.schema),
    ),
    ...optional('comment', row.comment),
  }))
}

function readTables(reader: CatalogReader): Promise<readonly PublicationMember[]> {
  const attributes = columnOr(reader, 'r', 'pg_publication_rel', 'prattrs', 'null::int2vector')
  const filter = columnOr(reader, 'r', 'pg_publication_rel', 'prqual', 'null::pg_node_tree')
  return reader.query<PublicationMember>(`
    select
      r.prpubid as publication,
      n.nspname::text as schema,
      c.relname::text as name,
      pg_catalog.pg_get_expr(${filter}, r.prrelid) as filter,
      case when ${attributes} is not null then array(
        select a.attname::text from pg_catalog.pg_attribute as a
        where a.attrelid = r.prrelid and a.attnum = any (${attributes}::int2[])
        order by a.attname collate "C"
      ) end as columns
    from pg_catalog.pg_publication_rel as r
    join pg_catalog.pg_class as c on c.oid = r.prrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    order by n.nspname collate "C", c.relname collate "C"`)
}

/** FOR TABLES IN SCHEMA, from 15. */
async function readSchemas(reader: CatalogReader): Promise<readonly { publication: number; schema: string }[]> {
  if (!reader.readable('pg_publication_namespace', 'pnnspid')) return []
  return reader.query(`
    select s.pnpubid as publication, n.nspname::text as schema
    from pg_catalog.pg_publication_namespace as s
    join pg_catalog.pg_namespace as n on n.oid = s.pnnspid
    order by n.nspname collate "C"`)
}
