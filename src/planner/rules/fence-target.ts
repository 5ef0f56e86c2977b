import { actionId } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import { serviceRoles } from '../../catalog/provider.js'
import { compareText } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { closesTables } from '../preflight/target-in-use.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { fenceBefore, fenceSql } from '../../migration/fence-sql.js'
import { recordSql } from '../../migration/record-sql.js'
import { recordsId } from './records.js'
import { replicationRoleId } from './replication-role.js'

export const FENCE_TARGET_ID = actionId('fence', 'target')

/**
 * Closes the target to applications before any application role arrives there (rule 13), so that at every moment
 * exactly one side takes application writes. CONNECT is taken in this database only, from its owner too, and as whoever
 * granted it; it is given back at cutover.
 */
export function planFenceTarget(context: MigrationContext): Draft {
  const { spec, names, target } = context
  const { name, acl } = target.database
  const admitted = admittedRoles(context)
  const exempt = serviceRoles(target)
  const database = quoteIdent(name)
  const { close, reopen } = fenceSql(name, fenceBefore(target, 'revoke_connect', admitted))
  return {
    actions: [
      {
        ...NOTHING_SPECIAL,
        kind: 'fence-target',
        id: FENCE_TARGET_ID,
        side: 'target',
        phase: 'access',
        operation: 'change',
        title: `database ${database}: close to applications`,
        note: `Only ${admitted.join(', ')} may connect until cutover. Superusers always can.`,
        sql: [recordSql(names.lineage, FENCE_TARGET_ID, 'database acl', acl), ...close],
        after: [recordsId('target'), replicationRoleId('source'), replicationRoleId('target')],
        reads: [factKey('target', 'database acl')],
        hazards: closesTables(context),
        undo: reopen.length > 0 ? reopen.join('; ') : 'nothing to undo',
        specPath: 'cutover.fence',
        admitted: [...admitted],
        ...(exempt.length > 0 ? { exempt: [...exempt] } : {}),
        ...(spec.target.previewRoles.length > 0 ? { note: previewNote(admitted, spec.target.previewRoles) } : {}),
      },
    ],
  }
}

/** belt's own roles and the preview roles; those that do not exist yet are granted CONNECT when they are made. */
export function admittedRoles(context: MigrationContext): readonly string[] {
  const { spec, target, inspection } = context
  const replication = spec.reverse.enabled || inspection.sameCluster ? [spec.roles.replication.name] : []
  const preview = spec.target.previewRoles.filter((r) => target.roleByName(r) !== undefined)
  return [...new Set([target.me.name, ...replication, ...preview])].sort(compareText)
}

function previewNote(admitted: readonly string[], preview: readonly string[]): string {
  return `Only ${admitted.join(', ')} may connect until cutover (preview roles: ${preview.join(', ')}). Superusers always can.`
}
