import type { ServerIdentity } from '../plan/plan.js'
import { STATE_FORMAT } from './state.js'
import type { State } from './state.js'

export interface Migration {
  readonly name: string
  readonly lineage: string
  readonly source: ServerIdentity
  readonly target: ServerIdentity
}

/** The state of a migration of which nothing is remembered. */
export function newState({ name, lineage, source, target }: Migration): State {
  return {
    format: STATE_FORMAT,
    name,
    lineage,
    serial: 0,
    stage: 'absent',
    source,
    target,
    actions: {},
    marks: {},
    pairs: {},
  }
}
