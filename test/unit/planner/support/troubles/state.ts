import type { ServerIdentity } from '../../../../../src/plan/plan.js'
import { STATE_FORMAT, type State } from '../../../../../src/state/state.js'
import { NAMES } from './trouble.js'

function server(systemIdentifier: string, major: number): ServerIdentity {
  return { systemIdentifier, database: 'shop', host: 'h', port: 5432, major, version: `${String(major)}.1` }
}

/** What the state holds once `replicating` was reached. */
export const STREAMING_STATE: State = {
  format: STATE_FORMAT,
  name: 'shop',
  lineage: NAMES.lineage,
  serial: 7,
  stage: 'replicating',
  source: server('7001', 15),
  target: server('7002', 17),
  actions: {},
  marks: { 'verified table public.orders': { at: '2026-11-01T00:00:00Z' } },
  pairs: {},
}
