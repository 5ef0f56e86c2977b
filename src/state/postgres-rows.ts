import type { Session } from '../postgres/session.js'
import { inTransaction } from '../postgres/transaction.js'
import { asciiJson } from './ascii-json.js'
import type { JournalEntry } from './journal-text.js'
import { CREATE_STATE_TABLES } from './state-tables.js'
import type { State } from './state.js'

export interface StoredState {
  readonly lineage: string
  readonly serial: string
  readonly epoch: string
  readonly snapshot: string
  /** Changes above the snapshot's serial, in order, as JSON. */
  readonly changes: readonly string[]
}

/** Undefined when there is no such table or no such row, also for a user who may not look into schema belt. */
export async function readStateRows(session: Session, name: string): Promise<StoredState | undefined> {
  if (!(await hasStateTables(session))) return undefined
  const rows = await session.query<StoredState>(
    `select s.lineage, s.serial::text as serial, s.epoch::text as epoch, s.snapshot::text as snapshot,
       array(
         select c.change::text from belt.state_change as c where c.name = s.name order by c.serial
       ) as changes
     from belt.state as s
     where s.name = $1::text`,
    [name],
  )
  return rows[0]
}

async function hasStateTables(session: Session): Promise<boolean> {
  const { there } = await session.one<{ there: boolean }>(
    `select pg_catalog.count(*) = 2 as there
     from pg_catalog.pg_class as c
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = 'belt' and c.relname in ('state', 'state_change') and c.relkind = 'r'`,
  )
  return there
}

/** What a writer knows of the row; when it is otherwise, somebody else has written and nothing is. */
export interface Expected {
  readonly name: string
  readonly serial: number
  readonly epoch: string
}

/**
 * Adds changes to the journal, all or none, and tells whether it did. One statement, so that it is one round trip and
 * can stand as well at the end of a transaction of somebody else's.
 */
export async function appendChanges(
  session: Session,
  { name, serial, epoch }: Expected,
  entries: readonly JournalEntry[],
): Promise<boolean> {
  const { added } = await session.one<{ added: number }>(
    `with mine as (
       update belt.state set serial = $4::int8, at = pg_catalog.clock_timestamp()
       where name = $1::text and serial = $2::int8 and epoch = $3::int8
       returning name
     ), added as (
       insert into belt.state_change (name, serial, change)
       select m.name, c.serial, c.change::json
       from mine as m, rows from (pg_catalog.unnest($5::int8[]), pg_catalog.unnest($6::text[])) as c (serial, change)
       returning 1
     )
     select pg_catalog.count(*)::int4 as added from added`,
    [name, serial, epoch, serial + entries.length, entries.map((e) => e.serial), entries.map((e) => asciiJson(e))],
  )
  return added === entries.length
}

/** Writes the state whole and empties its journal; `epoch` is the new one. Tells whether the row was as expected. */
export async function writeStateRow(
  session: Session,
  expected: Expected,
  state: State,
  epoch: string,
): Promise<boolean> {
  return inTransaction(session, {}, async () => {
    const rows = await session.query(
      `update belt.state
       set serial = $4::int8, epoch = $5::int8, lineage = $6::text, snapshot = $7::json, at = pg_catalog.clock_timestamp()
       where name = $1::text and serial = $2::int8 and epoch = $3::int8
       returning name`,
      [expected.name, expected.serial, expected.epoch, state.serial, epoch, state.lineage, asciiJson(state)],
    )
    if (rows.length === 0) return false
    await session.query('delete from belt.state_change where name = $1::text', [expected.name])
    return true
  })
}

/** Makes the tables where they are missing, and the row. Tells whether it did: false when there was one. */
export async function insertStateRow(session: Session, name: string, state: State, epoch: string): Promise<boolean> {
  return inTransaction(session, {}, async () => {
    if (!(await hasStateTables(session))) for (const sql of CREATE_STATE_TABLES) await session.exec(sql)
    const rows = await session.query(
      `insert into belt.state (name, lineage, serial, epoch, snapshot, at)
       values ($1::text, $2::text, $3::int8, $4::int8, $5::json, pg_catalog.clock_timestamp())
       on conflict do nothing
       returning name`,
      [name, state.lineage, state.serial, epoch, asciiJson(state)],
    )
    return rows.length > 0
  })
}
