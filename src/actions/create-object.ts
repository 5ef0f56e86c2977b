import type { ObjectKey } from '../catalog/object-key.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** A schema object made on the target with pg_dump's own statements, its comment and grants included. */
export interface CreateObject extends ActionBase<'create-object'> {
  /** Every object it makes: all are there or none, since it runs in one transaction. */
  readonly makes: readonly ObjectKey[]
}

export const probeCreateObject: Probe<CreateObject> = (action, context) =>
  action.makes.every((key) => context.target.objectByKey.has(key)) ? 'done' : 'absent'
