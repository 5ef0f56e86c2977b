import type { Session } from '../postgres/session.js'

/**
 * A digest of what a handover's plan rests on in one database: relations with their columns, sequences, constraints,
 * triggers, what is published, who may come. Quick enough to be read while a pooler stands still; the same digest means
 * that nothing of it has changed, another one may mean nothing (an oid, a role of another database).
 */
export async function readShape(session: Session): Promise<string> {
  const { shape } = await session.one<{ shape: string }>(SHAPE)
  return shape
}

const SHAPE = `
  with relations as (
    select c.oid, c.relnamespace, c.relname, c.relkind, c.relreplident, c.relispartition
    from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'm', 'S')
      and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'belt', 'pglogical', 'pglogical_origin')
  ), parts (part) as (
    select pg_catalog.concat_ws(' ', 'relation', r.oid, r.relnamespace, r.relname, r.relkind, r.relreplident, r.relispartition)
    from relations as r
    union all
    select pg_catalog.concat_ws(' ', 'column', a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull)
    from pg_catalog.pg_attribute as a join relations as r on r.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped and r.relkind <> 'S'
    union all
    select pg_catalog.concat_ws(' ', 'sequence', s.seqrelid, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
    from pg_catalog.pg_sequence as s join relations as r on r.oid = s.seqrelid
    union all
    select pg_catalog.concat_ws(' ', 'constraint', k.oid, k.conname, k.conrelid, k.convalidated)
    from pg_catalog.pg_constraint as k join relations as r on r.oid = k.conrelid
    union all
    select pg_catalog.concat_ws(' ', 'trigger', t.oid, t.tgname, t.tgrelid, t.tgenabled)
    from pg_catalog.pg_trigger as t join relations as r on r.oid = t.tgrelid
    where not t.tgisinternal
    union all
    select pg_catalog.concat_ws(' ', 'published', p.prpubid, p.prrelid) from pg_catalog.pg_publication_rel as p
    union all
    select pg_catalog.concat_ws(' ', 'subscribed', s.srsubid, s.srrelid) from pg_catalog.pg_subscription_rel as s
    union all
    select pg_catalog.concat_ws(' ', 'database', d.datdba, d.datacl::text)
    from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
    union all
    select pg_catalog.concat_ws(' ', 'role', o.oid, o.rolname, o.rolcanlogin, o.rolsuper, o.rolinherit) from pg_catalog.pg_roles as o
    union all
    select pg_catalog.concat_ws(' ', 'member', m.roleid, m.member, pg_catalog.to_jsonb(m) ->> 'inherit_option')
    from pg_catalog.pg_auth_members as m
  )
  select pg_catalog.md5(coalesce(pg_catalog.string_agg(p.part, '|' order by p.part collate "C"), '')) as shape
  from parts as p`
