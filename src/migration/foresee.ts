import { probeAction } from '../actions/action.js'
import type { Action } from '../actions/action.js'
import type { ProbeResult } from '../actions/base.js'
import type { Condition } from '../actions/condition.js'
import { takeAway } from '../actions/take-away.js'
import type { Catalog } from '../catalog/catalog.js'
import type { Side } from '../core/side.js'
import { migrationContext } from './context.js'
import type { MigrationContext } from './context.js'

/**
 * Both databases as they will be once the restart among the actions is carried out. Probes take what a restart is about
 * to take away for done: a slot that stands now says nothing about the one the same plan makes later.
 */
export function foresee(context: MigrationContext, actions: readonly Action[]): MigrationContext {
  const coming = actions.flatMap((action) =>
    action.kind === 'ensure' && action.phase === 'restart' && probeAction(action, context) !== 'done' ? [action] : [],
  )
  if (coming.length === 0) return context
  const after = (side: Side): Catalog =>
    gathered(coming.filter((a) => a.side === side).flatMap((a) => a.wants)).reduce(
      (catalog, condition) => takeAway(condition, catalog),
      context.inspection[side],
    )
  const inspection = { ...context.inspection, source: after('source'), target: after('target') }
  return migrationContext(context.spec, inspection, context.state)
}

/** The objects of all conditions in one: each pass goes through the whole script. */
function gathered(conditions: readonly Condition[]): readonly Condition[] {
  const keys = conditions.flatMap((c) => (c.is === 'objects' ? c.keys : []))
  return [...conditions.filter((c) => c.is !== 'objects'), { is: 'objects', keys, there: false }]
}

/** The restart itself is probed against the databases as they are, everything else against what it leaves behind. */
export function probeForeseen(action: Action, context: MigrationContext, foreseen: MigrationContext): ProbeResult {
  return probeAction(action, action.phase === 'restart' ? context : foreseen)
}
