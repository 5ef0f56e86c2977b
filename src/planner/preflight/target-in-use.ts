import type { Hazard } from '../../actions/base.js'
import type { Table } from '../../catalog/relations.js'
import { serviceRoles } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import { ADOPT_ID } from '../../migration/adopted-names.js'
import type { MigrationContext } from '../../migration/context.js'
import { matchesPattern } from '../../spec/table-pattern.js'
import { servingSide } from '../current-stage.js'

const NAMED = 3

/** The first plan closes the target to applications: it must not be a database that some of them live on. */
export function checkTargetInUse(context: MigrationContext): readonly Diagnostic[] {
  if (!isFirstPlan(context)) return []
  const swapped = looksSwapped(context)
  return swapped === undefined ? usedBySessions(context) : [swapped]
}

/** Once belt has closed it, closing it again asks nobody. */
function isFirstPlan(context: MigrationContext): boolean {
  const { source, target, names } = context
  if (target.recordsUnreadable === true || servingSide(context) !== 'source') return false
  if ((target.records ?? []).some((r) => r.lineage === names.lineage)) return false
  if (target.subscriptionByName(names.forward.subscription) !== undefined) return false
  return source.recordOf(names.lineage, ADOPT_ID) === undefined
}

function looksSwapped({ scope, spec, target }: MigrationContext): Diagnostic | undefined {
  const there = target.tables.filter(
    ({ schema, name }) =>
      scope.includesSchema(schema) && !spec.scope.excludeTables.some((p) => matchesPattern(p, schema, name)),
  )
  if (scope.tables.length > 0 || there.length === 0) return undefined
  return {
    severity: 'error',
    code: 'target-in-use',
    side: 'target',
    message: `there is no table in scope on the source, and the target holds ${counted(there.length, 'table')} (${listed(there)}): are source and target swapped?`,
    fix: 'The source is the database that applications use now, the target the one to move to, which is closed to them. If these are not swapped, correct scope, or drop on the target what nobody needs.',
  }
}

/** Whom the fence would keep out the moment they connect anew; superusers and whom the spec spares are not. */
function usedBySessions(context: MigrationContext): readonly Diagnostic[] {
  const { spec, target } = context
  if (target.tables.length === 0) return []
  const spared = new Set([
    target.me.name,
    spec.roles.replication.name,
    ...spec.target.previewRoles,
    ...spec.cutover.exceptRoles,
    ...serviceRoles(target),
  ])
  const users = target.activity.sessionsByRole.filter(
    ({ role }) => !spared.has(role) && target.roleByName(role)?.superuser !== true,
  )
  if (users.length === 0) return []
  const list = users.map((s) => `${s.role} (${String(s.sessions)})`).join(', ')
  return [
    {
      severity: 'error',
      code: 'target-in-use',
      side: 'target',
      message: `sessions of ${list} are connected to the target, which holds ${counted(target.tables.length, 'table')} (${listed(target.tables)}) and would be closed to them`,
      fix: 'If applications live on it, source and target may be swapped, or this is the wrong database. Otherwise end those sessions, or name a role that only looks on in target.preview_roles.',
    },
  ]
}

/** Rows that the source knows nothing of: something else than this migration may need them. */
export function closesTables(context: MigrationContext): readonly Hazard[] {
  const { source, target } = context
  if (!isFirstPlan(context)) return []
  const strange = target.tables.filter(
    (t) => t.kind === 'table' && t.volatile.heapBytes > 0 && source.tableByName(t.schema, t.name) === undefined,
  )
  if (strange.length === 0) return []
  return [
    {
      code: 'closes-tables',
      message: `the target holds ${counted(strange.length, 'table')} with rows that the source does not have (${listed(strange)}): no application can reach ${strange.length === 1 ? 'it' : 'them'} until cutover`,
      approval: true,
    },
  ]
}

function listed(tables: readonly Table[]): string {
  const names = tables.slice(0, NAMED).map((t) => quoteQualified(t.schema, t.name))
  return `${names.join(', ')}${tables.length > NAMED ? ', …' : ''}`
}
