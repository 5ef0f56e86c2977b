/**
 * What pglogical_output says of pending changes, asked for as JSON (the same in 2.3 and 2.4): a line for each event, `B`,
 * `C` with final_lsn and end_lsn, `I`, `U` and `D` with the relation. TRUNCATE comes as an insert into pglogical.queue. Values
 * are never parsed: they need not be valid JSON (NaN is written bare).
 */
export const PGLOGICAL_CHANGES = `
  message as materialized (
    select m.nr, m.xid::text::int8 as xid, m.data
    from pg_catalog.pg_logical_slot_peek_changes(
      $1::name, null, null, 'startup_params_format', '1', 'min_proto_version', '1', 'max_proto_version', '1',
      'proto_format', 'json', 'expected_encoding', 'UTF8', 'pglogical.forward_origins', '',
      'pglogical.replication_set_names', $2::text
    ) with ordinality as m (lsn, xid, data, nr)
  ), ended as (
    select
      m.xid,
      pg_catalog.pg_wal_lsn_diff((pg_catalog.regexp_match(m.data, '"final_lsn":"([0-9A-F/]+)"'))[1]::pg_lsn, '0/0')::int8 as commit_lsn,
      pg_catalog.pg_wal_lsn_diff((pg_catalog.regexp_match(m.data, '"end_lsn":"([0-9A-F/]+)"'))[1]::pg_lsn, '0/0')::int8 as end_lsn
    from message as m
    where m.data like '{"action":"C"%'
  ), named as (
    select m.nr, m.xid, m.data, pg_catalog.regexp_match(
      m.data, '^\\{"action":"([IUD])","relation":\\[("(?:[^"\\\\]|\\\\.)*"),("(?:[^"\\\\]|\\\\.)*")\\]') as part
    from message as m
  ), event as (
    select
      n.nr, n.xid,
      case when q.queued then 84 else pg_catalog.ascii(n.part[1]) end as kind,
      case when q.queued
        then (pg_catalog.regexp_match(n.data, '"schema_name": ("(?:[^"\\\\]|\\\\.)*")'))[1]
        else n.part[2] end::json #>> '{}' as schema,
      case when q.queued
        then (pg_catalog.regexp_match(n.data, '"table_name": ("(?:[^"\\\\]|\\\\.)*")'))[1]
        else n.part[3] end::json #>> '{}' as name
    from named as n
    cross join lateral (
      select n.part[1] = 'I' and n.part[2] = '"pglogical"' and n.part[3] = '"queue"' as queued) as q
    where n.part[1] in ('I', 'D') and (not q.queued or n.data like '%"message_type":"T"%')
  ), change as (
    select e.nr, e.xid, e.kind, c.oid::int8 as oid
    from event as e
    join pg_catalog.pg_namespace as n on n.nspname = e.schema
    join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = e.name
  )`
