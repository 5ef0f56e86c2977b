import type { Action, ActionKind } from '../../actions/action.js'

/** Whether an action's SQL is shown unasked: what decides over access and replication is, the many schema objects are not. */
const SHOWN: Readonly<Record<ActionKind, boolean>> = {
  'analyze-tables': false,
  'compare-rows': false,
  'copy-rows': false,
  drain: true,
  ensure: true,
  'gate-handover': false,
  'pair-positions': true,
  'prove-quiet': true,
  'set-sequences': false,
  'verify-handover': false,
  'await-copy': false,
  'await-lag': false,
  'copy-role': true,
  'create-index': false,
  'create-object': false,
  'create-publication': true,
  'create-records': false,
  'create-slot': true,
  'create-subscription': true,
  'fence-target': true,
  'grant-membership': true,
  'grant-read': true,
  'refresh-materialized-view': false,
  'refresh-subscription': true,
  'run-hook': true,
  'set-database': true,
  'set-replica-identity': true,
  'set-replication-role': true,
  'try-dial': true,
  'validate-constraint': false,
  'verify-rows': false,
}

/** A repair destroys what is there first, so its SQL is shown whatever its kind. */
export function showsSql(action: Action): boolean {
  return SHOWN[action.kind] || action.operation === 'repair'
}

/** An action of which a big plan has thousands alike: these may be counted instead of listed. */
export function isRoutine(action: Action): boolean {
  return !SHOWN[action.kind] && action.hazards.length === 0 && action.operation === 'create'
}
