import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** REPLICA IDENTITY FULL on a keyless table, before it is published (rule 3). */
export interface SetReplicaIdentity extends ActionBase<'set-replica-identity'> {
  readonly table: QualifiedName
}

export const probeSetReplicaIdentity: Probe<SetReplicaIdentity> = (action, context) =>
  context[action.side].tableByName(action.table.schema, action.table.name)?.replicaIdentity === 'full'
    ? 'done'
    : 'absent'
