import type { RunHook } from './run-hook.js'
import { probeRunHook } from './run-hook.js'
import type { VerifyHandover } from './verify-handover.js'
import { probeVerifyHandover } from './verify-handover.js'
import type { SetSequences } from './set-sequences.js'
import { probeSetSequences } from './set-sequences.js'
import type { ProveQuiet } from './prove-quiet.js'
import { probeProveQuiet } from './prove-quiet.js'
import type { PairPositions } from './pair-positions.js'
import { probePairPositions } from './pair-positions.js'
import type { GateHandover } from './gate-handover.js'
import { probeGateHandover } from './gate-handover.js'
import type { Ensure } from './ensure.js'
import { probeEnsure } from './ensure.js'
import type { Drain } from './drain.js'
import { probeDrain } from './drain.js'
import type { CompareRows } from './compare-rows.js'
import { probeCompareRows } from './compare-rows.js'
import type { CopyRows } from './copy-rows.js'
import { probeCopyRows } from './copy-rows.js'
import type { ProbeResult } from './base.js'
import type { AnalyzeTables } from './analyze-tables.js'
import type { AwaitCopy } from './await-copy.js'
import type { AwaitLag } from './await-lag.js'
import type { CopyRole, GrantMembership } from './copy-role.js'
import type { CreateIndex } from './create-index.js'
import type { CreateObject } from './create-object.js'
import type { CreatePublication } from './create-publication.js'
import type { CreateRecords } from './create-records.js'
import type { CreateSlot } from './create-slot.js'
import type { CreateSubscription, RefreshSubscription } from './create-subscription.js'
import type { FenceTarget } from './fence-target.js'
import type { GrantRead } from './grant-read.js'
import type { Probe, ProbeContext } from './probe-context.js'
import type { RefreshMaterializedView } from './refresh-materialized-view.js'
import type { SetDatabase } from './set-database.js'
import type { SetReplicaIdentity } from './set-replica-identity.js'
import type { SetReplicationRole } from './set-replication-role.js'
import type { TryDial } from './try-dial.js'
import type { ValidateConstraint } from './validate-constraint.js'
import type { VerifyRows } from './verify-rows.js'
import { probeAnalyzeTables } from './analyze-tables.js'
import { probeAwaitCopy } from './await-copy.js'
import { probeAwaitLag } from './await-lag.js'
import { probeCopyRole, probeGrantMembership } from './copy-role.js'
import { probeCreateIndex } from './create-index.js'
import { probeCreateObject } from './create-object.js'
import { probeCreatePublication } from './create-publication.js'
import { probeCreateRecords } from './create-records.js'
import { probeCreateSlot } from './create-slot.js'
import { probeCreateSubscription, probeRefreshSubscription } from './create-subscription.js'
import { probeFenceTarget } from './fence-target.js'
import { probeGrantRead } from './grant-read.js'
import { probeRefreshMaterializedView } from './refresh-materialized-view.js'
import { probeSetDatabase } from './set-database.js'
import { probeSetReplicaIdentity } from './set-replica-identity.js'
import { probeSetReplicationRole } from './set-replication-role.js'
import { probeTryDial } from './try-dial.js'
import { probeValidateConstraint } from './validate-constraint.js'
import { probeVerifyRows } from './verify-rows.js'

/** Everything belt can do to a database. `kind` tells them apart; a new kind must be added to `probes` and to the executors. */
export type Action =
  | AnalyzeTables
  | VerifyHandover
  | SetSequences
  | ProveQuiet
  | PairPositions
  | GateHandover
  | Ensure
  | Drain
  | CompareRows
  | CopyRows
  | AwaitCopy
  | AwaitLag
  | CopyRole
  | CreateIndex
  | CreateObject
  | CreatePublication
  | CreateRecords
  | CreateSlot
  | CreateSubscription
  | FenceTarget
  | GrantMembership
  | GrantRead
  | RefreshMaterializedView
  | RefreshSubscription
  | RunHook
  | SetDatabase
  | SetReplicaIdentity
  | SetReplicationRole
  | TryDial
  | ValidateConstraint
  | VerifyRows

export type ActionKind = Action['kind']
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>

const probes: { readonly [K in ActionKind]: Probe<ActionOf<K>> } = {
  'analyze-tables': probeAnalyzeTables,
  'verify-handover': probeVerifyHandover,
  'set-sequences': probeSetSequences,
  'prove-quiet': probeProveQuiet,
  'pair-positions': probePairPositions,
  'gate-handover': probeGateHandover,
  ensure: probeEnsure,
  drain: probeDrain,
  'compare-rows': probeCompareRows,
  'copy-rows': probeCopyRows,
  'await-copy': probeAwaitCopy,
  'await-lag': probeAwaitLag,
  'copy-role': probeCopyRole,
  'create-index': probeCreateIndex,
  'create-object': probeCreateObject,
  'create-publication': probeCreatePublication,
  'create-records': probeCreateRecords,
  'create-slot': probeCreateSlot,
  'create-subscription': probeCreateSubscription,
  'fence-target': probeFenceTarget,
  'grant-membership': probeGrantMembership,
  'grant-read': probeGrantRead,
  'refresh-materialized-view': probeRefreshMaterializedView,
  'refresh-subscription': probeRefreshSubscription,
  'run-hook': probeRunHook,
  'set-database': probeSetDatabase,
  'set-replica-identity': probeSetReplicaIdentity,
  'set-replication-role': probeSetReplicationRole,
  'try-dial': probeTryDial,
  'validate-constraint': probeValidateConstraint,
  'verify-rows': probeVerifyRows,
}

/**
 * Whether what an action makes is already there. The same answer decides which actions a plan needs, what a resumed
 * apply skips, and what it repairs: it looks at the fact in the catalogs, never at a name alone.
 */
export function probeAction<K extends ActionKind>(
  action: ActionOf<K> & { readonly kind: K },
  context: ProbeContext,
): ProbeResult {
  const probe: Probe<ActionOf<K>> = probes[action.kind]
  return probe(action, context)
}
