import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Checks the rows behind a foreign key that was added NOT VALID; takes only SHARE UPDATE EXCLUSIVE on its table. */
export interface ValidateConstraint extends ActionBase<'validate-constraint'> {
  readonly table: QualifiedName
  readonly constraint: string
}

export const probeValidateConstraint: Probe<ValidateConstraint> = (action, context) => {
  const { schema, name } = action.table
  return context[action.side].constraintByName(schema, name, action.constraint)?.validated === true ? 'done' : 'absent'
}
