import type { Ensure } from '../../actions/ensure.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { removeState } from '../../state/state-tables.js'
import { keptForOthers } from './kept-for-others.js'

/** The very last thing that is taken away: a state kept on the target, without which nothing more can be recorded. */
export function forgetState(context: MigrationContext, after: readonly ActionId[]): readonly Ensure[] {
  const { target, names } = context
  const states = target.beltStates ?? []
  if (!states.includes(names.lineage)) return []
  const others = states.some((lineage) => lineage !== names.lineage)
  const last = !others && !keptForOthers(context, 'target')
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: actionId('forget', 'state'),
      side: 'target',
      phase: 'remove',
      operation: 'drop',
      title: last ? 'schema belt, with the state of this migration' : 'state of this migration in schema belt',
      note: 'belt remembers nothing of this migration any more.',
      sql: [...removeState(names.lineage, others), ...(last ? ['drop schema if exists belt'] : [])],
      after,
      timeouts: BRIEF_LOCK,
      specPath: 'state.backend',
      wants: [{ is: 'no state', lineage: names.lineage }],
    },
  ]
}
