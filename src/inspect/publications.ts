import type { Publication } from '../catalog/replication.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy, optional } from './optional.js'
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

interface MemberRow {
  readonly publication: number
  readonly schema: string
  readonly name: string
  readonly narrowed: boolean
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
    tables: (tables.get(row.oid) ?? []).map(({ schema, name, narrowed }) => ({
      schema,
      name,
      ...(narrowed ? { narrowed: true } : {}),
    })),
    ...optional(
      'schemas',
      schemas.get(row.oid)?.map((s) => s.schema),
    ),
    ...optional('comment', row.comment),
  }))
}

function readTables(reader: CatalogReader): Promise<readonly MemberRow[]> {
  const attributes = columnOr(reader, 'r', 'pg_publication_rel', 'prattrs', 'null')
  const filter = columnOr(reader, 'r', 'pg_publication_rel', 'prqual', 'null')
  return reader.query<MemberRow>(`
    select
      r.prpubid as publication,
      n.nspname::text as schema,
      c.relname::text as name,
      ${attributes} is not null or ${filter} is not null as narrowed
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
