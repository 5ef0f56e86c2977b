import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import type { MigrationContext } from '../../migration/context.js'

/**
 * The record that this restart has taken the old copy away; numbered, so that the record of an earlier restart does not
 * stand for this one. A plan that was saved before another restart was carried out has that one's number, and does
 * nothing any more.
 */
export function restartId({ target, names }: MigrationContext): ActionId {
  const earlier = (target.records ?? [])
    .filter((r) => r.lineage === names.lineage)
    .map((r) => Number(/^restart\.(\d+)$/.exec(r.action)?.[1] ?? 0))
  return actionId('restart', String(Math.max(0, ...earlier) + 1))
}

export function restartDone(context: MigrationContext): NonNullable<Ensure['unless']> {
  const { lineage } = context.names
  return { side: 'target', condition: { is: 'record', lineage, action: restartId(context), there: true } }
}
