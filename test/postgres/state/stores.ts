import { onTestFinished } from 'vitest'
import type { Migration } from '../../../src/state/new-state.js'
import { postgresStateStore } from '../../../src/state/postgres-store.js'
import type { OpenState, StateStore } from '../../../src/state/state-store.js'
import type { Transition } from '../../../src/state/transition.js'
import type { TestDatabase } from '../../support/databases.js'
import { noSignal, settingsFor } from '../connect/settings.js'

const server = { systemIdentifier: '7', database: 'd', host: 'h', port: 1, major: 15, version: '15' }
export const MIGRATION: Migration = { name: 'shop', lineage: '0123456789abcdef', source: server, target: server }
export const running = (action: string): Transition => ({
  kind: 'action-running',
  action,
  plan: 'p',
  run: 'r',
  at: 't1',
})
export const done = (action: string): Transition => ({
  kind: 'action-done',
  action,
  plan: 'p',
  run: 'r',
  at: 't2',
  evidence: { ms: 1 },
  marks: [],
})

export function storeIn(database: TestDatabase, writeMs = 10_000): StateStore {
  return postgresStateStore(settingsFor(database), MIGRATION.name, noSignal(), { writeMs })
}

/** Opened and, if the test leaves it open, closed whatever that says. */
export async function opened(store: StateStore, leaving = false): Promise<OpenState> {
  const state = await store.open(MIGRATION, { leaving })
  onTestFinished(() => state.close().catch(() => undefined))
  return state
}
