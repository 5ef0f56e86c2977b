import type { Me } from '../catalog/roles.js'
import type { CatalogReader } from './catalog-reader.js'
import { mayReadPasswords } from './roles.js'

interface MeRow {
  readonly name: string
  readonly superuser: boolean
  readonly replication: boolean
  readonly create_role: boolean
  readonly bypass_rls: boolean
  readonly member_of: readonly string[]
  readonly may_set_role: readonly string[]
  readonly create_in_database: boolean
  readonly uses_create_subscription: boolean
  readonly silence_triggers: boolean
}

/** Members of these may create subscriptions up to 15 too: the providers' servers are changed to allow it. */
const PROVIDER_ADMINS: readonly string[] = ['rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser']

/** The role belt is connected as and what it may do in this database. */
export async function readMe(reader: CatalogReader): Promise<Me> {
  const createSubscription =
    reader.version >= 160000 ? `pg_catalog.pg_has_role('pg_create_subscription', 'usage')` : 'false'
  const silence = reader.callable('pg_catalog.has_parameter_privilege(text,text)')
    ? `pg_catalog.has_parameter_privilege('session_replication_role', 'set')`
    : 'r.rolsuper'
  // From 16 a membership may be granted without the right to SET ROLE, or without what INHERIT gives.
  const set = reader.version >= 160000 ? 'set' : 'member'
  const [row] = await reader.query<MeRow>(`
    with recursive membership (roleid) as (
      select m.roleid
      from pg_catalog.pg_auth_members as m
      join pg_catalog.pg_roles as me on me.oid = m.member
      where me.rolname = current_user
      union
      select m.roleid
      from membership as known
      join pg_catalog.pg_auth_members as m on m.member = known.roleid
    )
    select
      r.rolname::text as name,
      r.rolsuper as superuser,
      r.rolreplication as replication,
      r.rolcreaterole as create_role,
      r.rolbypassrls as bypass_rls,
      array(
        select pg_catalog.pg_get_userbyid(k.roleid)::text collate "C" from membership as k
        where pg_catalog.pg_has_role(k.roleid, 'usage') order by 1) as member_of,
      array(
        select pg_catalog.pg_get_userbyid(k.roleid)::text collate "C" from membership as k
        where pg_catalog.pg_has_role(k.roleid, '${set}') order by 1) as may_set_role,
      pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') as create_in_database,
      ${createSubscription} as uses_create_subscription,
      ${silence} as silence_triggers
    from pg_catalog.pg_roles as r
    where r.rolname = current_user`)
  if (row === undefined) throw new Error('the server does not list the current role')
  return {
    name: row.name,
    superuser: row.superuser,
    replication: row.replication,
    createRole: row.create_role,
    bypassRls: row.bypass_rls,
    memberOf: row.member_of,
    maySetRole: row.may_set_role,
    mayCreateInDatabase: row.create_in_database,
    mayCreateSubscription: row.superuser || mayCreateSubscription(row, reader.version),
    maySilenceTriggers: row.silence_triggers,
    mayReadOriginProgress: row.superuser || mayReadOriginProgress(reader),
    mayAdvanceOrigin: row.superuser || mayAdvanceOrigin(reader),
    mayReadPasswords: mayReadPasswords(reader),
  }
}

function mayReadOriginProgress(reader: CatalogReader): boolean {
  return reader.version >= 140000 && reader.callable('pg_catalog.pg_replication_origin_progress(text,boolean)')
}

function mayAdvanceOrigin(reader: CatalogReader): boolean {
  return reader.version >= 140000 && reader.callable('pg_catalog.pg_replication_origin_advance(text,pg_lsn)')
}

function mayCreateSubscription(row: MeRow, version: number): boolean {
  if (row.member_of.some((role) => PROVIDER_ADMINS.includes(role)) && version < 160000) return true
  return row.uses_create_subscription && row.create_in_database
}
