import type { ActionKind } from '../../../src/actions/action.js'

/** A new kind of action does not compile here before it is said which campaign kills it. */
const KINDS: Readonly<Record<ActionKind, 'main job' | 'handover'>> = {
  'analyze-tables': 'main job',
  'await-copy': 'main job',
  'await-lag': 'main job',
  'copy-role': 'main job',
  'create-index': 'main job',
  'create-object': 'main job',
  'create-publication': 'main job',
  'create-records': 'main job',
  'create-slot': 'main job',
  'create-subscription': 'main job',
  'fence-target': 'main job',
  'grant-membership': 'main job',
  'grant-read': 'main job',
  'refresh-materialized-view': 'main job',
  'refresh-subscription': 'main job',
  'set-database': 'main job',
  'set-replica-identity': 'main job',
  'set-replication-role': 'main job',
  'try-dial': 'main job',
  'validate-constraint': 'main job',
  'compare-rows': 'handover',
  'copy-rows': 'handover',
  drain: 'handover',
  ensure: 'handover',
  'gate-handover': 'handover',
  'pair-positions': 'handover',
  'prove-quiet': 'handover',
  'run-hook': 'handover',
  'set-sequences': 'handover',
  'verify-handover': 'handover',
  'verify-rows': 'main job',
}

export const EVERY_KIND = Object.entries(KINDS)
  .filter(([, campaign]) => campaign === 'main job')
  .map(([kind]) => kind)
  .sort()
