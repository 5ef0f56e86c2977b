import type { Membership, Role } from '../catalog/roles.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy, optional } from './optional.js'
import { parseSettings } from './settings-text.js'
import { columnOr, utcText } from './sql-fragments.js'

interface RoleRow {
  readonly oid: number
  readonly name: string
  readonly superuser: boolean
  readonly inherit: boolean
  readonly create_role: boolean
  readonly create_db: boolean
  readonly login: boolean
  readonly replication: boolean
  readonly bypass_rls: boolean
  readonly connection_limit: number
  readonly valid_until: string | null
  readonly password: Role['password']
  readonly settings: readonly string[] | null
  readonly comment: string | null
  readonly can_connect: boolean
}

/** All roles of the server but Postgres' predefined ones (pg_…), which no one makes. */
export async function readRoles(reader: CatalogReader): Promise<readonly Role[]> {
  const readable = mayReadPasswords(reader)
  // Only its kind: the verifier itself must not leave the server.
  const password = readable
    ? `case
        when a.rolpassword is null then 'none'
        when a.rolpassword like 'SCRAM-SHA-256$%' then 'scram'
        when a.rolpassword like 'md5%' then 'md5'
        else 'unreadable'
      end`
    : `'unreadable'`
  const rows = await reader.query<RoleRow>(`
    select
      r.oid as oid,
      r.rolname::text as name,
      r.rolsuper as superuser,
      r.rolinherit as inherit,
      r.rolcreaterole as create_role,
      r.rolcreatedb as create_db,
      r.rolcanlogin as login,
      r.rolreplication as replication,
      r.rolbypassrls as bypass_rls,
      r.rolconnlimit::int4 as connection_limit,
      ${utcText('r.rolvaliduntil')} as valid_until,
      ${password} as password,
      r.rolconfig::text[] as settings,
      pg_catalog.shobj_description(r.oid, 'pg_authid') as comment,
      pg_catalog.has_database_privilege(r.oid, d.oid, 'connect') as can_connect
    from pg_catalog.pg_roles as r
    join pg_catalog.pg_database as d on d.datname = pg_catalog.current_database()
    ${readable ? 'join pg_catalog.pg_authid as a on a.oid = r.oid' : ''}
    where r.rolname !~ '^pg_'
    order by r.rolname collate "C"`)
  const memberships = groupBy(await readMemberships(reader), (m) => m.member)
  return rows.map((row) => ({
    name: row.name,
    superuser: row.superuser,
    inherit: row.inherit,
    createRole: row.create_role,
    createDb: row.create_db,
    login: row.login,
    replication: row.replication,
    bypassRls: row.bypass_rls,
    connectionLimit: row.connection_limit,
    ...optional('validUntil', row.valid_until),
    password: row.password,
    memberOf: (memberships.get(row.oid) ?? []).map(membership),
    settings: parseSettings(row.settings),
    ...optional('comment', row.comment),
    canConnect: row.can_connect,
  }))
}

/** Postgres' own roles. No other role may have a name that begins so. */
export async function readPredefinedRoles(reader: CatalogReader): Promise<readonly string[]> {
  const rows = await reader.query<{ readonly name: string }>(`
    select r.rolname::text as name from pg_catalog.pg_roles as r where r.rolname ~ '^pg_' order by r.rolname collate "C"`)
  return rows.map((r) => r.name)
}

/** Superusers may; others where a provider or an administrator granted SELECT on pg_authid. */
export function mayReadPasswords(reader: CatalogReader): boolean {
  return reader.readable('pg_authid', 'rolpassword') && reader.readable('pg_authid', 'oid')
}

interface MembershipRow {
  readonly member: number
  readonly role: string
  readonly grantor: string
  readonly admin: boolean
  readonly inherit: boolean | null
  readonly set: boolean | null
}

function readMemberships(reader: CatalogReader): Promise<readonly MembershipRow[]> {
  return reader.query<MembershipRow>(`
    select
      m.member as member,
      pg_catalog.pg_get_userbyid(m.roleid)::text collate "C" as role,
      pg_catalog.pg_get_userbyid(m.grantor)::text collate "C" as grantor,
      m.admin_option as admin,
      ${columnOr(reader, 'm', 'pg_auth_members', 'inherit_option', 'null::bool')} as inherit,
      ${columnOr(reader, 'm', 'pg_auth_members', 'set_option', 'null::bool')} as set
    from pg_catalog.pg_auth_members as m
    order by 1, 2, 3`)
}

function membership(row: MembershipRow): Membership {
  return {
    role: row.role,
    grantor: row.grantor,
    admin: row.admin,
    ...optional('inherit', row.inherit),
    ...optional('set', row.set),
  }
}
