import { sql, type Row, type TestDatabase } from '../../../support/databases.js'

/**
 * All that a fence may change and has to give back, as the server keeps it: every role with its attributes and settings,
 * every membership with who gave it, the database's rights with who gave them, settings of roles and databases. Names
 * instead of numbers; what a database grants without an ACL of its own reads as if it were written down.
 */
export async function rightsOf(database: TestDatabase): Promise<readonly Row[]> {
  return sql(
    database,
    `
    select 'role' as what, r.rolname::text as name,
      (to_jsonb(r) - 'oid' - 'rolpassword')::text || coalesce((select a.rolpassword from pg_authid as a where a.oid = r.oid), '') as value
      from pg_roles as r where r.rolname !~ '^pg_'
    union all select 'member', format('%s in %s by %s', m.member::regrole, m.roleid::regrole, m.grantor::regrole),
      (to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor')::text from pg_auth_members as m
    union all select 'setting', format('%s/%s', d.datname, s.setrole::regrole), s.setconfig::text
      from pg_db_role_setting as s left join pg_database as d on d.oid = s.setdatabase
    union all select 'database', format('%s:%s by %s', coalesce(r.rolname, 'public'), a.privilege_type, a.grantor::regrole), a.is_grantable::text
      from pg_database as d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a left join pg_roles as r on r.oid = a.grantee
      where d.datname = current_database()
    union all select 'limit', d.datname::text, format('%s %s %s', d.datconnlimit, d.datallowconn, d.datdba::regrole)
      from pg_database as d where d.datname = current_database()
    order by 1, 2`,
  )
}
