import type { CatalogReader } from './catalog-reader.js'

/** Condition: the schema (alias of pg_namespace) is not Postgres' own, not temporary and not belt's. */
export function userSchema(alias: string): string {
  return `(${alias}.nspname !~ '^pg_' and ${alias}.nspname not in ('information_schema', 'belt'))`
}

/** Condition: the object is not a member of an extension. */
export function notOfExtension(catalog: string, oid: string): string {
  return `not exists (
    select from pg_catalog.pg_depend as member
    where member.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass and member.objid = ${oid}
      and member.objsubid = 0 and member.deptype = 'e')`
}

/** Condition: the relation (aliases of pg_class and pg_namespace) is a table that belt looks at. */
export function userTable(relation: string, schema: string): string {
  return `(${relation}.relkind in ('r', 'p', 'f') and ${relation}.relpersistence <> 't'
    and ${userSchema(schema)} and ${notOfExtension('pg_class', `${relation}.oid`)})`
}

/** Names of an ACL's grantees of one privilege, the owner with them, PUBLIC as ''; type text[]. */
export function granteesOf(acl: string, kind: 'r' | 'n', owner: string, privilege: string): string {
  return `array(
    select case g.oid when 0 then '' else pg_catalog.pg_get_userbyid(g.oid)::text end collate "C"
    from (
      select x.grantee as oid
      from pg_catalog.aclexplode(coalesce(${acl}, pg_catalog.acldefault('${kind}', ${owner}))) as x
      where x.privilege_type = '${privilege}'
      union select ${owner}
    ) as g
    order by 1)`
}

/**
 * Relations of this database that somebody has locked exclusively or waits to: asking their size would wait too.
 * Their size is told from pg_class.relpages instead.
 */
export const LOCKED_RELATIONS = `locked as materialized (
    select l.relation as oid
    from pg_catalog.pg_locks as l
    join pg_catalog.pg_database as d on d.oid = l.database
    where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and d.datname = pg_catalog.current_database()
  )`

/** Bytes of a relation as float8; 0 for one dropped a moment ago. Needs LOCKED_RELATIONS. */
export function sizeOf(relation: string, call: 'pg_table_size' | 'pg_relation_size'): string {
  return `(case
      when ${relation}.oid in (select k.oid from locked as k)
        then ${relation}.relpages::float8 * pg_catalog.current_setting('block_size')::float8
      else coalesce(pg_catalog.${call}(${relation}.oid), 0)::float8
    end)`
}

/** `alias.column` where it can be read here, else the other expression. */
export function columnOr(
  reader: CatalogReader,
  alias: string,
  relation: string,
  column: string,
  otherwise: string,
): string {
  return reader.readable(relation, column) ? `${alias}.${column}` : otherwise
}

/** A timestamptz as ISO 8601 in UTC with microseconds, whatever the session's settings; `infinity` stays that. */
export function utcText(expression: string): string {
  return `(case when pg_catalog.isfinite(${expression})
      then pg_catalog.to_char(pg_catalog.timezone('UTC', ${expression}), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      else ${expression}::text end)`
}
