import type { IndexedCatalog } from '../../catalog/indexed.js'
import { providerOf, serviceRoles } from '../../catalog/provider.js'
import { compareText } from '../../core/diagnostic.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide } from '../current-stage.js'
import { admittedRoles } from '../handover/fence.js'
import { grantMembership, hasRightsOf, maySetRole } from './act-as.js'

/** More names are no help. */
const NAMED = 10

/**
 * Rights of the admins that a handover asks for first inside its pause, where a refusal gives it up, or behind the point
 * of no return, where it would leave both sides closed.
 */
export function checkPauseRights(context: MigrationContext): readonly Diagnostic[] {
  if (servingSide(context) === 'target')
    return [...endsSessions(context, 'target'), ...advancesOrigin(context.target, context)]
  return [
    ...endsSessions(context, 'source'),
    ...locks(context),
    ...advancesOrigin(context.source, context),
    ...keepsSlot(context),
    ...givesDatabase(context),
  ]
}

/** One refusal fails the statement for all sessions. */
function endsSessions(context: MigrationContext, from: 'source' | 'target'): readonly Diagnostic[] {
  const catalog = context[from]
  const { me } = catalog
  if (context.spec.cutover.fence === 'none' || me.superuser || me.memberOf.includes('pg_signal_backend')) return []
  const spared = new Set([...admittedRoles(context, from), ...serviceRoles(catalog)])
  const others = catalog.roles
    .filter((r) => r.login && !r.superuser && r.canConnect && !spared.has(r.name) && !hasRightsOf(catalog, r.name))
    .map((r) => r.name)
  if (others.length === 0) return []
  const more = others.length > NAMED ? ` and ${String(others.length - NAMED)} more` : ''
  return [
    {
      severity: isHandover(context) ? 'error' : 'warning',
      code: 'signal-privilege',
      side: from,
      message: `${me.name} may not end sessions of ${others.slice(0, NAMED).join(', ')}${more} on the ${from}, which a handover does inside its pause`,
      fix: `grant pg_signal_backend to ${quoteIdent(me.name)};`,
    },
  ]
}

/** Every table is locked, and those copied inside the pause are read; for published ones ownership is asked elsewhere. */
function locks(context: MigrationContext): readonly Diagnostic[] {
  const { source, scope } = context
  const others = scope.tables.filter(
    (t) => t.route === 'copy-at-cutover' || (isHandover(context) && t.route !== 'none'),
  )
  const owners = [...new Set(others.map((t) => t.table.owner))].sort(compareText)
  const foreign = owners.filter((owner) => !hasRightsOf(source, owner))
  if (foreign.length === 0) return []
  return [
    {
      severity: 'error',
      code: 'owner-privilege',
      side: 'source',
      message: `every table is locked and some are copied inside the pause, and ${source.me.name} has not the rights of ${foreign.join(', ')}`,
      fix: foreign.map((o) => grantMembership(source, o)).join(' '),
    },
  ]
}

/** The side that is left begins to receive at a position that belt sets. */
function advancesOrigin(catalog: IndexedCatalog, { spec, carriers }: MigrationContext): readonly Diagnostic[] {
  const { me, side, server } = catalog
  const carrier = side === 'source' ? carriers.reverse : carriers.forward
  if (!spec.reverse.enabled || carrier !== 'native' || me.mayAdvanceOrigin) return []
  const way =
    server.major >= 14
      ? `grant execute on function pg_catalog.pg_replication_origin_advance(text, pg_lsn) to ${quoteIdent(me.name)}; (in database ${quoteIdent(catalog.database.name)}, as a superuser)`
      : 'Before 14 only a superuser can, whatever is granted: use such a login as admin.'
  return [
    {
      severity: 'error',
      code: 'advance-privilege',
      side,
      message: `${me.name} may not set on the ${side} where the way back begins, which a handover does inside its pause`,
      fix: `${way} Or give up the way back with reverse: { enabled: false }.`,
    },
  ]
}

/** Made before the pause and moved inside it. */
function keepsSlot({ spec, target }: MigrationContext): readonly Diagnostic[] {
  const { me } = target
  const lent = providerOf(target)?.replicationRole
  const may = me.superuser || me.replication || (lent !== undefined && me.memberOf.includes(lent))
  if (!spec.reverse.enabled || may) return []
  return [
    {
      severity: 'error',
      code: 'replication-privilege',
      side: 'target',
      message: `${me.name} has no REPLICATION on the target, which the slot of the way back needs`,
      fix: `${lent === undefined ? `alter role ${quoteIdent(me.name)} replication;` : `grant ${quoteIdent(lent)} to ${quoteIdent(me.name)};`} Or give up the way back with reverse: { enabled: false }.`,
    },
  ]
}

/** The target gets the owner that the source has as it opens, past the point of no return. */
function givesDatabase(context: MigrationContext): readonly Diagnostic[] {
  const { source, target, spec } = context
  const { owner } = source.database
  const { me } = target
  const known = target.roleByName(owner) !== undefined || spec.roles.copy.includes(owner)
  if (owner === target.database.owner || !known || me.superuser) return []
  const there = target.roleByName(owner) !== undefined
  const missing = [
    ...(target.roleByName(me.name)?.createDb === true ? [] : [`alter role ${quoteIdent(me.name)} createdb;`]),
    // A role that belt makes is granted to it there and then.
    ...(!there || (maySetRole(target, owner) && hasRightsOf(target, owner)) ? [] : [grantMembership(target, owner)]),
  ]
  if (missing.length === 0) return []
  return [
    {
      severity: 'error',
      code: 'open-privilege',
      side: 'target',
      message: `as the target opens, its database is given to ${owner}, which owns the source: ${me.name} needs CREATEDB and the rights of ${owner} for it`,
      fix: `${missing.join(' ')} Or give the source’s database an owner that the target does not have.`,
    },
  ]
}

function isHandover({ spec }: MigrationContext): boolean {
  return spec.stage === 'cutover' || spec.stage === 'rolled-back'
}
