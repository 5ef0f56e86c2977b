import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteLiteral, quoteQualified } from '../../core/quote.js'

/** No log ever gets there. */
const NEVER = `'FFFFFFFF/FFFFFFFF'`

/**
 * pglogical has no function that makes its worker pass over a table. One that is synchronized at a later position is passed
 * over until then, and nothing copies it. Its function to copy anew is called first, for it alone tells the running worker
 * to look at its tables again once this is committed.
 */
export function setAsideSql(subscription: string, table: QualifiedName): readonly string[] {
  const there = statusOf(subscription, table)
  const relation = quoteQualified(table.schema, table.name)
  const copied = `exists (select ${there} and t.sync_status <> 'r' and not (t.sync_status = 'y' and t.sync_statuslsn = ${NEVER}))`
  return [
    raiseWhere(copied, `${relation} is being copied: wait until it streams, then plan again`),
    `delete from pglogical.local_sync_status as t using pglogical.subscription as s where ${joined(subscription, table)}`,
    resynchronizeSql(subscription, table),
    `update pglogical.local_sync_status as t set sync_status = 'y', sync_statuslsn = ${NEVER} from pglogical.subscription as s where ${joined(subscription, table)}`,
  ]
}

/** Under the lock that keeps everybody out: whatever has happened since, no worker will apply changes to it. */
export function checkAsideSql(subscription: string, table: QualifiedName): string {
  const aside = `exists (select ${statusOf(subscription, table)} and t.sync_status = 'y' and t.sync_statuslsn = ${NEVER})`
  const relation = quoteQualified(table.schema, table.name)
  return raiseWhere(`not ${aside}`, `changes of ${relation} are applied again: plan again`)
}

/** The worker goes on passing over it, and starts its copy. */
export function copyAnewSql(subscription: string, table: QualifiedName): readonly string[] {
  return [resynchronizeSql(subscription, table)]
}

function resynchronizeSql(subscription: string, table: QualifiedName): string {
  const relation = `${quoteLiteral(quoteQualified(table.schema, table.name))}::pg_catalog.regclass`
  return `select pglogical.alter_subscription_resynchronize_table(subscription_name := ${quoteLiteral(subscription)}, relation := ${relation}, truncate := false)`
}

function statusOf(subscription: string, table: QualifiedName): string {
  return `from pglogical.local_sync_status as t, pglogical.subscription as s where ${joined(subscription, table)}`
}

function joined(subscription: string, { schema, name }: QualifiedName): string {
  return `t.sync_subid = s.sub_id and s.sub_name = ${quoteLiteral(subscription)} and t.sync_nspname = ${quoteLiteral(schema)} and t.sync_relname = ${quoteLiteral(name)}`
}

/** One statement, in its own words: nothing of the transaction stays. */
function raiseWhere(condition: string, message: string): string {
  const text = quoteLiteral(message.replaceAll('%', '%%'))
  return `do ${quoteLiteral(`begin if ${condition} then raise exception ${text}; end if; end`)}`
}
