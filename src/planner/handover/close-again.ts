import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import { compareText } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { fenceId, handoverFenceOf } from '../../migration/fence-record.js'
import { fenceBefore, fenceSql } from '../../migration/fence-sql.js'
import { recordSql } from '../../migration/record-sql.js'
import { admittedRoles } from './fence.js'

/**
 * The side that a handover has closed is closed still, by what stands there and not by the record alone: somebody may
 * have granted by hand what the fence took. A record that stands is left as it is, for it says what stood there before;
 * where it is gone, the way in that is found now is noted.
 */
export function closeAgain(context: MigrationContext, side: Side): Action {
  const { names, spec } = context
  const catalog = context[side]
  const fenced = handoverFenceOf(catalog, names.lineage)
  const method = fenced?.method ?? spec.cutover.fence
  const kept = fenced?.admitted.filter((role) => catalog.roleByName(role) !== undefined) ?? []
  const admitted = [...new Set([...admittedRoles(context, side), ...kept])].sort(compareText)
  const now = fenceBefore(catalog, method, admitted)
  const logins = now.logins.filter((role) => fenced?.logins.includes(role) !== false)
  const { close } = fenceSql(catalog.database.name, { ...now, logins })
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('close-again', side),
    side,
    phase: 'access',
    operation: 'repair',
    title: `database ${quoteIdent(catalog.database.name)} on the ${side}: close to applications again (${method})`,
    note: 'The other side serves. Sessions that are connected stay: end them, and look what they have written.',
    sql: [...(fenced === undefined ? [recordSql(names.lineage, fenceId(side), 'fence', now)] : []), ...close],
    reads: [factKey(side, 'database acl'), ...logins.map((role) => factKey(side, `role ${role}`))],
    specPath: 'cutover.fence',
    wants: [
      { is: 'record', lineage: names.lineage, action: fenceId(side), there: true },
      { is: 'closed', method, admitted, logins: fenced?.logins ?? logins },
    ],
  }
}
