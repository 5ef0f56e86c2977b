import type { Session } from '../postgres/session.js'

/**
 * Logins that may connect to this database now, whether they are connected or not, by name: those with CONNECT of their
 * own, through PUBLIC, or of a role whose rights they inherit. Superusers, whom nothing keeps out, are left out, so are
 * the session's own role and those excepted.
 */
export async function readMayConnect(session: Session, except: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(MAY_CONNECT, [except])
  return rows.map((r) => r.name)
}

const MAY_CONNECT = `
  select r.rolname::text as name
  from pg_catalog.pg_roles as r
  where r.rolcanlogin and not r.rolsuper and r.rolconnlimit <> 0
    and r.rolname <> current_user and r.rolname <> session_user and r.rolname::text <> all ($1::text[])
    and pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CONNECT')
  order by r.rolname collate "C"`
