import type { ActionKind, ActionOf } from '../../actions/action.js'
import type { ProbeResult } from '../../actions/base.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext, Executor, Executors } from '../execute-context.js'
import { executeAwaitCopy } from './await-copy.js'
import { executeAwaitLag } from './await-lag.js'
import { executeCreateIndex } from './create-index.js'
import { executeCreateSlot } from './create-slot.js'
import { executeCompareRows } from './compare-rows.js'
import { executeCopyRows } from './copy-rows.js'
import { executeDrain } from './drain.js'
import { executeFenceTarget } from './fence-target.js'
import { executeGateHandover } from './gate-handover.js'
import { executePairPositions } from './pair-positions.js'
import { executeProveQuiet } from './prove-quiet.js'
import { executeRunHook } from './run-hook.js'
import { executeSetSequences } from './set-sequences.js'
import { executeVerifyHandover } from './verify-handover.js'
import { executePlain } from './plain.js'
import { executeVerifyRows } from './verify-rows.js'

const executors: Executors = {
  'analyze-tables': executePlain,
  'compare-rows': executeCompareRows,
  'copy-rows': executeCopyRows,
  drain: executeDrain,
  ensure: executePlain,
  'gate-handover': executeGateHandover,
  'pair-positions': executePairPositions,
  'prove-quiet': executeProveQuiet,
  'set-sequences': executeSetSequences,
  'verify-handover': executeVerifyHandover,
  'await-copy': executeAwaitCopy,
  'await-lag': executeAwaitLag,
  'copy-role': executePlain,
  'create-index': executeCreateIndex,
  'create-object': executePlain,
  'create-publication': executePlain,
  'create-records': executePlain,
  'create-slot': executeCreateSlot,
  'create-subscription': executePlain,
  'fence-target': executeFenceTarget,
  'grant-membership': executePlain,
  'grant-read': executePlain,
  'refresh-materialized-view': executePlain,
  'refresh-subscription': executePlain,
  'run-hook': executeRunHook,
  'set-database': executePlain,
  'set-replica-identity': executePlain,
  'set-replication-role': executePlain,
  'try-dial': executePlain,
  'validate-constraint': executePlain,
  'verify-rows': executeVerifyRows,
}

/** Carries out one action; what it changes is its SQL, and nothing but that. */
export async function executeAction<K extends ActionKind>(
  action: ActionOf<K> & { readonly kind: K },
  context: ExecuteContext,
  found: ProbeResult,
): Promise<Evidence> {
  const execute: Executor<ActionOf<K>> = executors[action.kind]
  return execute(action, context, found)
}
