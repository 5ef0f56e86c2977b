import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Gathers planner statistics on the target, which a copy does not bring. */
export interface AnalyzeTables extends ActionBase<'analyze-tables'> {
  readonly tables: readonly QualifiedName[]
  /** Marks set in the state when it is done; statistics leave no fact that belt could trust. */
  readonly marks: readonly string[]
}

export const probeAnalyzeTables: Probe<AnalyzeTables> = (action, context) =>
  action.marks.every((mark) => context.marks.has(mark)) ? 'done' : 'absent'
