import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { RefreshMaterializedView } from '../../actions/refresh-materialized-view.js'
import { factKey } from '../../catalog/facts.js'
import { objectKey } from '../../catalog/object-key.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { handoverMark } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

/**
 * Replication carries no refresh: what was populated when the copy ended may be days old, so every view that is
 * populated where it is served is refreshed on the other side shortly before the fence, outside the pause (rule 19).
 */
export function refreshViewActions(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly RefreshMaterializedView[] {
  const { from, to } = handover
  const actions: RefreshMaterializedView[] = []
  // In the dump's order, since one materialized view may read another.
  for (const object of context[to].script.objects) {
    if (object.kind !== 'materialized view' || object.schema === undefined) continue
    const view = objectKey('materialized view', object.schema, object.name)
    if (!context.scope.includesObject(object) || !context[from].populatedViews.has(view)) continue
    const name = quoteQualified(object.schema, object.name)
    const previous = actions.at(-1)
    actions.push({
      ...NOTHING_SPECIAL,
      kind: 'refresh-materialized-view',
      id: actionId('refresh', handover.word, name),
      side: to,
      phase: 'before pause',
      operation: 'run',
      title: `refresh ${view}`,
      sql: [`refresh materialized view ${name}`],
      after: previous === undefined ? after : [previous.id],
      reads: [factKey(to, object.key)],
      view,
      marks: [handoverMark(handover, `refreshed ${view}`)],
    })
  }
  return actions
}
