import { withConnection } from '../postgres/connect.js'
import { describeEndpoint, type ConnectionSettings } from '../postgres/connection-settings.js'
import { holdConnection } from '../postgres/held-connection.js'
import type { Session } from '../postgres/session.js'
import { parseEntry } from './journal-text.js'
import { newState, type Migration } from './new-state.js'
import { insertStateRow, readStateRows, writeStateRow } from './postgres-rows.js'
import { PostgresState } from './postgres-state.js'
import { replay } from './replay.js'
import { parseSnapshot } from './snapshot.js'
import { StateDraft } from './state-draft.js'
import { checkLineage, damagedState, newerState } from './state-error.js'
import type { OpenOptions, OpenState, StateStore } from './state-store.js'
import type { State } from './state.js'

/** A server that does not answer must not hold up a pause for longer. */
const WRITE_MS = 10_000

/**
 * A state in schema `belt` of the target, found by the migration's name: everybody who reaches the target has the same.
 * `settings` are the administrator's. Its connection has a life of its own, since also a cancelled run must be able to
 * record what became of it; `signal` ends only the attempts to read.
 */
export function postgresStateStore(
  settings: ConnectionSettings,
  name: string,
  signal: AbortSignal,
  { writeMs = WRITE_MS }: { readonly writeMs?: number } = {},
): StateStore {
  const location = `belt.state of ${describeEndpoint(settings)}`
  return {
    location,
    read: async () =>
      (await withConnection(settings, signal, (session) => load(session, name, location)))?.draft.toState(),
    open: async (migration, options) => openRows(settings, { location, writeMs }, migration, options),
    replace: async (state) =>
      withConnection(settings, signal, (session) => replaceRow(session, { ...state, name }, location)),
  }
}

async function replaceRow(session: Session, state: State, location: string): Promise<void> {
  const there = await readStateRows(session, state.name)
  const written =
    there === undefined
      ? await insertStateRow(session, state.name, state, '1')
      : await writeStateRow(
          session,
          { name: state.name, serial: Number(there.serial), epoch: there.epoch },
          state,
          nextEpoch(there.epoch),
        )
  if (!written) throw newerState(location, 'another run has written it in this moment')
}

function nextEpoch(epoch: string): string {
  return String(BigInt(epoch) + 1n)
}

async function openRows(
  settings: ConnectionSettings,
  { location, writeMs }: { readonly location: string; readonly writeMs: number },
  migration: Migration,
  { leaving = false }: OpenOptions = {},
): Promise<OpenState> {
  const connection = await holdConnection(settings)
  try {
    const { name } = migration
    const found = await load(connection.session, name, location)
    if (found === undefined) {
      const draft = new StateDraft(newState(migration))
      const row = leaving ? 'none' : 'to make'
      return new PostgresState({ location, name, draft, connection, epoch: '1', row, writeMs })
    }
    const { draft } = found
    checkLineage(draft.toState(), migration.lineage, location)
    // From here on no earlier run can write, even one that still believes it has the lock.
    const epoch = nextEpoch(found.epoch)
    const expected = { name, serial: draft.serial, epoch: found.epoch }
    if (!(await writeStateRow(connection.session, expected, draft.toState(), epoch))) {
      throw newerState(location, 'another run has written it in this moment')
    }
    return new PostgresState({ location, name, draft, connection, epoch, row: 'there', writeMs })
  } catch (error) {
    await connection.release()
    throw error
  }
}

interface Loaded {
  readonly draft: StateDraft
  readonly epoch: string
}

async function load(session: Session, name: string, location: string): Promise<Loaded | undefined> {
  const row = await readStateRows(session, name)
  if (row === undefined) return undefined
  const entries = row.changes.map((text) => {
    const entry = parseEntry(text)
    if (entry === undefined) throw damagedState(location, 'one of its changes cannot be read')
    return entry
  })
  const draft = replay(location, parseSnapshot(row.snapshot, location), entries)
  if (String(draft.serial) !== row.serial) {
    throw damagedState(location, `its journal ends at change ${draft.serial} and not at ${row.serial}`)
  }
  return { draft, epoch: row.epoch }
}
