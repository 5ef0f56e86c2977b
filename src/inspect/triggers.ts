import type { EventTrigger, Trigger } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { notOfExtension, userTable } from './sql-fragments.js'

interface TriggerRow {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly enabled: string
  readonly inherited: boolean
}

/**
 * User triggers, with the copies that partitions got of their parent's: each copy has an enablement of its own.
 * Up to 14 copies count as internal; tgparentid tells them from 13 on, in 12 only their name and function do.
 */
export async function readTriggers(reader: CatalogReader): Promise<readonly Trigger[]> {
  const inherited = reader.readable('pg_trigger', 'tgparentid')
    ? 't.tgparentid <> 0'
    : `(c.relispartition and exists (
        select from pg_catalog.pg_partition_ancestors(c.oid) as i (relid)
        join pg_catalog.pg_trigger as p on p.tgrelid = i.relid
        where p.tgrelid <> c.oid and p.tgname = t.tgname and p.tgfoid = t.tgfoid and not p.tgisinternal))`
  // From 13 on the inner triggers of a partition's foreign key have a parent too.
  const rows = await reader.query<TriggerRow>(`
    select
      n.nspname::text as schema,
      c.relname::text as "table",
      t.tgname::text as name,
      t.tgenabled::text as enabled,
      ${inherited} as inherited
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    left join pg_catalog.pg_constraint as k on k.oid = t.tgconstraint
    where (not t.tgisinternal or ${inherited} and (k.contype is null or k.contype = 't'))
      and ${userTable('c', 'n')} and ${notOfExtension('pg_trigger', 't.oid')}
    order by n.nspname collate "C", c.relname collate "C", t.tgname collate "C"`)
  return rows.map((row) => ({
    schema: row.schema,
    table: row.table,
    name: row.name,
    enabled: enablement(row.enabled),
    ...(row.inherited ? { inherited: true } : {}),
  }))
}

const EVENT_TRIGGERS = `
  select e.evtname::text as name, e.evtevent::text as event, e.evtenabled::text as enabled
  from pg_catalog.pg_event_trigger as e
  where ${notOfExtension('pg_event_trigger', 'e.oid')}
  order by e.evtname collate "C"`

export async function readEventTriggers(reader: CatalogReader): Promise<readonly EventTrigger[]> {
  const rows = await reader.query<{ name: string; event: string; enabled: string }>(EVENT_TRIGGERS)
  return rows.map((row) => ({ ...row, enabled: enablement(row.enabled) }))
}

/** tgenabled and evtenabled; an unknown letter counts as always, which makes belt keep it off while it applies. */
function enablement(letter: string): Trigger['enabled'] {
  switch (letter) {
    case 'O':
      return 'origin'
    case 'D':
      return 'disabled'
    case 'R':
      return 'replica'
    default:
      return 'always'
  }
}
