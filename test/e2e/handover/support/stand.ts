import { sql, type Row, type TestDatabase } from '../../../support/databases.js'

/** Where every sequence stands, exactly. */
export interface Standing {
  readonly name: string
  readonly increment: bigint
  readonly cycle: boolean
  readonly next: bigint
}

export async function sequencesOf(database: TestDatabase): Promise<readonly Standing[]> {
  const names = await sql<{ name: string; increment: string; cycle: boolean }>(
    database,
    `select format('%I.%I', schemaname, sequencename) as name, increment_by::text as increment, cycle
     from pg_sequences where schemaname <> 'belt' order by 1`,
  )
  return Promise.all(
    names.map(async ({ name, increment, cycle }) => {
      const [at] = await sql<{ value: string; called: boolean }>(
        database,
        `select last_value::text as value, is_called as called from ${name}`,
      )
      const value = BigInt(at?.value ?? '0')
      return {
        name,
        increment: BigInt(increment),
        cycle,
        next: at?.called === true ? value + BigInt(increment) : value,
      }
    }),
  )
}

/** Sequences that would hand out on `serving` what `other` has handed out; a cycling one has to stand just there. */
export async function behind(serving: TestDatabase, other: TestDatabase): Promise<readonly string[]> {
  const theirs = new Map((await sequencesOf(other)).map((s) => [s.name, s]))
  return (await sequencesOf(serving)).flatMap((mine) => {
    const their = theirs.get(mine.name)
    if (their === undefined) return [`${mine.name} is missing`]
    const ok = mine.cycle
      ? mine.next === their.next
      : mine.increment > 0n
        ? mine.next >= their.next
        : mine.next <= their.next
    return ok ? [] : [`${mine.name}: ${String(mine.next)} against ${String(their.next)}`]
  })
}

/** Everything of belt's that could be left in a database or, by the name of its migration or role, on its server. */
export async function leftOfBelt(database: TestDatabase, migration: string, role: string): Promise<readonly Row[]> {
  const short = `belt\\_${migration.replaceAll('_', '\\_')}%`
  return sql(
    database,
    `
    select 'schema' as what, nspname::text as name from pg_namespace where nspname = 'belt'
    union all select 'publication', pubname from pg_publication
    union all select 'subscription', subname from pg_subscription where subname like $1
    union all select 'slot', slot_name from pg_replication_slots where slot_name like $1 or database = current_database()
    union all select 'origin', o.roname from pg_replication_origin as o
      where o.roname like 'belt%'
        or o.roname ~ '^pg_[0-9]+(_[0-9]+)?$'
          and not exists (select from pg_subscription as s where o.roname ~ ('^pg_' || s.oid || '(_|$)'))
    union all select 'role', rolname from pg_roles where rolname = $2
    union all select 'identity', oid::regclass::text from pg_class where relreplident = 'f'
    union all select 'setting', r.rolname || ' ' || s.setconfig::text
      from pg_db_role_setting as s join pg_roles as r on r.oid = s.setrole
      where s.setdatabase = (select oid from pg_database where datname = current_database())`,
    [short, role],
  )
}

/** The database's own rights with who gave them, its settings, and who of the application may log in; roles by name. */
export async function accessOf(database: TestDatabase): Promise<Row | undefined> {
  const [row] = await sql(
    database,
    `select
       (select array_agg(format('%s %s %s by %s', coalesce(r.rolname, 'public'), a.privilege_type, a.is_grantable, a.grantor::regrole)
          order by format('%s %s %s by %s', coalesce(r.rolname, 'public'), a.privilege_type, a.is_grantable, a.grantor::regrole))
        from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a left join pg_roles as r on r.oid = a.grantee) as rights,
       (select array_agg(format('%s %s', r.rolname, r.rolcanlogin) order by r.rolname) from pg_roles as r
        where r.rolname ~ '^(app|granted|lead|clerk|monitor|boss)_') as logins,
       (select s.setconfig from pg_db_role_setting as s where s.setdatabase = d.oid and s.setrole = 0) as settings,
       (select array_agg(format('%s.%s %s', t.tgrelid::regclass, t.tgname, t.tgenabled) order by 1)
        from pg_trigger as t where not t.tgisinternal) as triggers
     from pg_database as d where d.datname = current_database()`,
  )
  return row
}
