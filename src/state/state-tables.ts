import { quoteLiteral } from '../core/quote.js'

/** The tables of `state: { backend: postgres }` in schema belt of the target; every migration of it uses them. */
export const STATE_TABLES: readonly string[] = ['state', 'state_change']

/**
 * Schema and tables. `json`, not `jsonb`: the text is ASCII, and a database of any encoding keeps it as it is. The
 * snapshot is the state as of its own serial; changes above that are the journal. `epoch` grows with every run that
 * takes the state over, so that a run which lost it can write no more.
 */
export const CREATE_STATE_TABLES: readonly string[] = [
  'create schema if not exists belt',
  `create table if not exists belt.state (name text primary key, lineage text not null, serial bigint not null, epoch bigint not null, snapshot json not null, at timestamp with time zone not null)`,
  `create table if not exists belt.state_change (name text not null, serial bigint not null, change json not null, primary key (name, serial))`,
]

/** Takes one migration's state away; with the last one go the tables. */
export function removeState(lineage: string, others: boolean): readonly string[] {
  if (!others) return ['drop table if exists belt.state_change', 'drop table if exists belt.state']
  const mine = `lineage = ${quoteLiteral(lineage)}`
  return [
    `delete from belt.state_change as c using belt.state as s where s.name = c.name and s.${mine}`,
    `delete from belt.state where ${mine}`,
  ]
}
