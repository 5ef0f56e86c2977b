import { serviceRoles } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide, sideToReopen } from '../current-stage.js'

/** More names are no help. */
const NAMED = 10

/** Whom no fence holds though they are not there now, and what the locks of the pause cannot hold against them (rule 16). */
export function checkBeyondFence(context: MigrationContext): readonly Diagnostic[] {
  const from: Side = context.spec.stage === 'cutover' ? 'source' : 'target'
  if (servingSide(context) !== from || sideToReopen(context) !== undefined) return []
  return [...superusers(context, from), ...tooManyLocks(context, from)]
}

function superusers(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const catalog = context[from]
  const { cutover } = context.spec
  if (cutover.fence === 'none') return []
  const known = new Set([catalog.me.name, ...cutover.exceptRoles, ...serviceRoles(catalog)])
  const connected = new Set(catalog.activity.sessionsByRole.map(({ role }) => role))
  const logins = catalog.roles
    .filter((r) => r.superuser && r.login && !known.has(r.name) && !connected.has(r.name))
    .map((r) => r.name)
  if (logins.length === 0) return []
  const more = logins.length > NAMED ? ` and ${String(logins.length - NAMED)} more` : ''
  return [
    {
      severity: 'warning',
      code: 'fence-superusers',
      side: from,
      message: `no fence keeps superusers out: ${logins.slice(0, NAMED).join(', ')}${more} may log in to the ${from}. Inside the pause locks keep them from writing; what they write there afterwards does not reach the ${otherSide(from)}`,
      fix: 'Stop their jobs (cron, backups that write, monitoring that notes) before, and let them log in to the other side afterwards.',
    },
  ]
}

/** Half of the lock table is left to everybody else. */
function tooManyLocks({ scope, ...catalogs }: MigrationContext, from: Side): readonly Diagnostic[] {
  const { settings } = catalogs[from].server
  const number = (name: string): number => Number(settings[name])
  const room = Math.floor(
    (number('max_locks_per_transaction') * (number('max_connections') + number('max_prepared_transactions'))) / 2,
  )
  const tables = scope.tables.filter((t) => t.table.kind === 'table' && t.route !== 'none').length
  if (!(tables > room)) return []
  return [
    {
      severity: 'warning',
      code: 'fence-locks',
      side: from,
      message: `the lock table of the ${from} has room for ${String(room)} of ${counted(tables, 'table')} to be kept locked inside the pause: if anybody is found connected at its end, the handover is given up`,
      fix: `alter system set max_locks_per_transaction = ${String(Math.ceil((2 * tables * number('max_locks_per_transaction')) / Math.max(1, 2 * room)) + 1)}; then restart the server, or see to it that no superuser logs in.`,
    },
  ]
}
