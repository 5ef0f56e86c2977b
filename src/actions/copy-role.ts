import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** An application role of the source made on the target, with attributes, settings and password verifier. */
export interface CopyRole extends ActionBase<'copy-role'> {
  readonly role: string
}

export const probeCopyRole: Probe<CopyRole> = (action, context) =>
  context.target.roleByName(action.role) ? 'done' : 'absent'

/** A membership among copied roles. */
export interface GrantMembership extends ActionBase<'grant-membership'> {
  readonly role: string
  readonly member: string
}

export const probeGrantMembership: Probe<GrantMembership> = (action, context) =>
  context.target.roleByName(action.member)?.memberOf.some((m) => m.role === action.role) === true ? 'done' : 'absent'
