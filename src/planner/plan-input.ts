import type { QualifiedName } from '../catalog/schema-script.js'
import type { Inspection } from '../catalog/inspection.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'

export interface PlanInput {
  readonly spec: Spec
  readonly inspection: Inspection
  /** What the state store holds; undefined on the first plan or when the state was lost. */
  readonly state: State | undefined
  /** ISO 8601, UTC; only shown. */
  readonly now: string
  /** Take the copy on the target away and make it anew, whatever stands there. */
  readonly restart?: true
  /** Copy these tables of the target anew, whatever stands in them. */
  readonly resync?: readonly QualifiedName[]
  /** Keep only these: parts of a migration, action ids, ids with `*`. */
  readonly only?: readonly string[]
}
