import { canonicalJson } from '../core/fingerprint.js'
import { quoteIdent, quoteLiteral } from '../core/quote.js'
import type { ActionId } from '../actions/base.js'

/**
 * The statement that notes on the server itself what belt makes or changes there and what stood there before,
 * in the same transaction as the change: a lost state file loses no way back (rule 15).
 */
export function recordSql(lineage: string, action: ActionId, object: string, before: unknown): string {
  const values = [lineage, action, object].map(quoteLiteral)
  const was = before === null ? 'null' : quoteLiteral(canonicalJson(before))
  return `insert into belt.record (lineage, action, object, before) values (${values.join(', ')}, ${was}) on conflict do nothing`
}

/** Schema, record table and marker table of the migration. Another migration of this database may have made the first two. */
export function recordTables(markerTable: string): readonly string[] {
  return [
    'create schema if not exists belt',
    `comment on schema belt is 'Records of belt: what it made or changed in this database. Removed at stage absent or finalized.'`,
    `create table if not exists belt.record (lineage text not null, action text not null, object text not null, before jsonb, at timestamp with time zone not null default pg_catalog.now(), primary key (lineage, action, object))`,
    `create table if not exists belt.${quoteIdent(markerTable)} (id integer primary key, at timestamp with time zone not null)`,
  ]
}
