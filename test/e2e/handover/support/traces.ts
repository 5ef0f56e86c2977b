import { sql, type Row, type TestDatabase } from '../../../support/databases.js'

/**
 * Everything that belt could leave behind or change without giving it back: of the whole server, and of the database to
 * the grants of each table. Grants that every owner has anyway read the same whether they are written down or not.
 */
export async function tracesOf(database: TestDatabase): Promise<readonly Row[]> {
  return sql(
    database,
    `
    select 'role' as what, r.rolname::text as name,
      concat_ws(' ', r.rolsuper, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconfig::text,
        array(select m.roleid::regrole::text from pg_auth_members as m where m.member = r.oid order by 1)) as value
    from pg_roles as r where r.rolname !~ '^pg_'
    union all select 'role setting', concat_ws('/', d.datname, s.setrole::regrole), s.setconfig::text
      from pg_db_role_setting as s left join pg_database as d on d.oid = s.setdatabase
    union all select 'slot', slot_name, plugin from pg_replication_slots
    union all select 'origin', roname, '' from pg_replication_origin
    union all select 'subscription', subname, '' from pg_subscription
    union all select 'publication', pubname, '' from pg_publication
    union all select 'schema', n.nspname, ${rights('n.nspacl', "'n'", 'n.nspowner')}
      from pg_namespace as n where n.nspname !~ '^pg_(toast|temp)'
    union all select 'database', '', ${rights('d.datacl', "'d'", 'd.datdba')}
      from pg_database as d where d.datname = current_database()
    union all select 'relation', c.oid::regclass::text,
        concat_ws(' ', c.relkind, c.relreplident, ${rights('c.relacl', `case c.relkind when 'S' then 's' else 'r' end::"char"`, 'c.relowner')})
      from pg_class as c where c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    union all select 'trigger', t.tgrelid::regclass || '.' || t.tgname, t.tgenabled::text from pg_trigger as t where not t.tgisinternal
    order by 1, 2`,
  )
}

function rights(acl: string, kind: string, owner: string): string {
  return `(select string_agg(format('%s:%s%s', a.grantee::regrole, a.privilege_type, case when a.is_grantable then '*' end), ' '
      order by a.grantee::regrole::text, a.privilege_type)
    from aclexplode(coalesce(${acl}, acldefault(${kind}, ${owner}))) as a)`
}
