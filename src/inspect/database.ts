import type { AclItem } from '../catalog/acl.js'
import type { DatabaseFacts } from '../catalog/server.js'
import type { CatalogReader } from './catalog-reader.js'
import { optional } from './optional.js'
import { parseSettings } from './settings-text.js'
import { columnOr } from './sql-fragments.js'

interface DatabaseRow {
  readonly name: string
  readonly oid: number
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly provider: string
  readonly icu_locale: string | null
  readonly comment: string | null
  readonly connection_limit: number
  readonly has_acl: boolean
  readonly bytes: number
  readonly siblings: readonly string[]
}

/** The database belt is connected to. */
export async function readDatabase(reader: CatalogReader): Promise<DatabaseFacts> {
  // ICU's locale lives in daticulocale in 15 and 16 and, with the builtin provider's, in datlocale from 17.
  const locale = reader.readable('pg_database', 'datlocale')
    ? `d.datlocale`
    : columnOr(reader, 'd', 'pg_database', 'daticulocale', 'null')
  const [row] = await reader.query<DatabaseRow>(`
    select
      d.datname::text as name,
      d.oid as oid,
      pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
      pg_catalog.pg_encoding_to_char(d.encoding)::text as encoding,
      d.datcollate::text as "collate",
      d.datctype::text as ctype,
      ${columnOr(reader, 'd', 'pg_database', 'datlocprovider', `'c'`)}::text as provider,
      ${locale}::text as icu_locale,
      pg_catalog.shobj_description(d.oid, 'pg_database') as comment,
      d.datconnlimit::int4 as connection_limit,
      d.datacl is not null as has_acl,
      (case when pg_catalog.has_database_privilege(d.oid, 'connect') then pg_catalog.pg_database_size(d.oid)
        else 0 end)::float8 as bytes,
      array(
        select s.datname::text collate "C" from pg_catalog.pg_database as s
        where s.oid <> d.oid and not s.datistemplate
        order by 1) as siblings
    from pg_catalog.pg_database as d
    where d.datname = pg_catalog.current_database()`)
  if (row === undefined) throw new Error('the server does not list its current database')
  const acl = row.has_acl ? await readAcl(reader) : null
  const settings = await reader.query<SettingsRow>(READ_SETTINGS)
  return {
    name: row.name,
    oid: row.oid,
    owner: row.owner,
    encoding: row.encoding,
    collate: row.collate,
    ctype: row.ctype,
    localeProvider: row.provider,
    ...optional('icuLocale', row.provider === 'c' ? null : row.icu_locale),
    ...optional('comment', row.comment),
    connectionLimit: row.connection_limit,
    acl,
    settings: parseSettings(settings.find((s) => s.role === null)?.settings ?? null),
    roleSettings: settings.flatMap((s) =>
      s.role === null ? [] : [{ role: s.role, settings: parseSettings(s.settings) }],
    ),
    siblings: row.siblings,
    volatile: { bytes: row.bytes },
  }
}

const READ_ACL = `
  select
    pg_catalog.pg_get_userbyid(x.grantor)::text collate "C" as grantor,
    (case x.grantee when 0 then '' else pg_catalog.pg_get_userbyid(x.grantee)::text end) collate "C" as grantee,
    x.privilege_type collate "C" as privilege,
    x.is_grantable as grantable
  from pg_catalog.pg_database as d
  cross join lateral pg_catalog.aclexplode(d.datacl) as x
  where d.datname = pg_catalog.current_database()
  order by 2, 3, 1`

function readAcl(reader: CatalogReader): Promise<readonly AclItem[]> {
  return reader.query<AclItem>(READ_ACL)
}

interface SettingsRow {
  /** null: the database's own settings. */
  readonly role: string | null
  readonly settings: readonly string[]
}

const READ_SETTINGS = `
  select
    (case s.setrole when 0 then null else pg_catalog.pg_get_userbyid(s.setrole)::text end) collate "C" as role,
    s.setconfig::text[] as settings
  from pg_catalog.pg_db_role_setting as s
  join pg_catalog.pg_database as d on d.oid = s.setdatabase
  where d.datname = pg_catalog.current_database()
  order by 1 nulls first`
