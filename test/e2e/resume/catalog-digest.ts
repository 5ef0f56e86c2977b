import { sql, type Row, type TestDatabase } from '../../support/databases.js'

/** What stands in a database and what of the server belongs to it: equal before and after means that nothing was changed. */
export async function catalogOf(database: TestDatabase): Promise<readonly Row[]> {
  return sql(database, CATALOG)
}

/** Not the roles: on a shared server those of other tests come and go. */
const CATALOG = `
  select 'class' as kind, c.oid::regclass::text as name,
    concat_ws(' ', c.relkind, c.relfilenode, c.relacl::text, c.relreplident, c.relispopulated, c.relhastriggers) as value
  from pg_class as c where c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
  union all
  select 'column', a.attrelid::regclass || '.' || a.attname, concat_ws(' ', a.atttypid::regtype, a.attnotnull, a.attidentity)
  from pg_attribute as a join pg_class as c on c.oid = a.attrelid
  where c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' and a.attnum > 0
  union all
  select 'constraint', conrelid::regclass || '.' || conname, concat_ws(' ', contype, convalidated) from pg_constraint where conrelid <> 0
  union all
  select 'schema', nspname, nspacl::text from pg_namespace where nspname !~ '^pg_(toast_)?temp'
  union all
  select 'function', oid::regprocedure::text, prosrc from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
  union all
  select 'publication', p.pubname, array(select t.tablename from pg_publication_tables as t where t.pubname = p.pubname order by 1)::text from pg_publication as p
  union all
  select 'subscription', subname, concat_ws(' ', subenabled, subslotname) from pg_subscription
  where subdbid = (select oid from pg_database where datname = current_database())
  union all
  select 'slot', slot_name, plugin from pg_replication_slots where database = current_database()
  union all
  select 'database', '', concat_ws(' ', datacl::text, shobj_description(oid, 'pg_database'),
    (select setconfig::text from pg_db_role_setting where setdatabase = oid and setrole = 0))
  from pg_database where datname = current_database()
  order by 1, 2`
