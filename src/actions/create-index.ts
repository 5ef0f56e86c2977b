import type { ObjectKey } from '../catalog/object-key.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * A secondary index built after the copy. An INVALID index of that name is what an interrupted build leaves
 * behind: it exists but is not used, so it counts as broken and is dropped and built again.
 */
export interface CreateIndex extends ActionBase<'create-index'> {
  readonly makes: readonly ObjectKey[]
  readonly index: QualifiedName
  readonly table: QualifiedName
  readonly concurrently: boolean
  /** Statements that clear away an invalid index of this name; they stand first when the plan already saw it. */
  readonly clear: readonly string[]
}

export const probeCreateIndex: Probe<CreateIndex> = (action, context) => {
  const index = context.target.indexByName(action.index.schema, action.index.name)
  if (!index) return 'absent'
  // The index of a partitioned table stays invalid until every partition's index is attached to it.
  if (!index.valid && !index.partitioned) return 'broken'
  return action.makes.every((key) => context.target.objectByKey.has(key)) ? 'done' : 'absent'
}
