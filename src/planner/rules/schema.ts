import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { compareText } from '../../core/diagnostic.js'
import type { Draft } from '../../migration/draft.js'
import type { MigrationContext } from '../../migration/context.js'
import { deferredObject } from '../schema/deferred-object.js'
import { missingGroups } from '../schema/missing.js'
import { createGroup } from '../schema/create-group.js'
import { DATABASE_ID } from './database.js'
import { copyRoleId } from './copy-roles.js'
import { FENCE_TARGET_ID } from './fence-target.js'
import { workerSettingsId } from './worker-settings.js'

/** Everything the copy needs on the target, one after the other in the dump's order. */
export function planSchema(context: MigrationContext): Draft {
  const groups = missingGroups(context)
  const roles = [...context.spec.roles.copy].sort(compareText).map(copyRoleId)
  const actions: Action[] = []
  let before: readonly ActionId[] = [FENCE_TARGET_ID, ...roles, DATABASE_ID, workerSettingsId('target')]
  for (const group of groups.filter((g) => g.disposition === 'before-copy')) {
    const action = createGroup(group, 'schema', before)
    actions.push(action)
    before = [action.id]
  }
  return { actions, deferred: groups.filter((g) => g.disposition === 'cutover').map((g) => deferredObject(g.head)) }
}
