import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { serviceRoles } from '../../catalog/provider.js'
import { quoteIdent } from '../../core/quote.js'
import type { FenceMethod } from '../../spec/spec.js'
import { rolesOf } from '../../catalog/roles-of.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide, sideToReopen } from '../current-stage.js'
import { admittedRoles } from '../handover/fence.js'

/** Who the fence does not hold, before it falls (rule 14). Once the other side serves there is none left to fall. */
export function checkFence(context: MigrationContext): readonly Diagnostic[] {
  const from: Side = context.spec.stage === 'cutover' ? 'source' : 'target'
  if (servingSide(context) !== from || sideToReopen(context) !== undefined) return []
  return [
    ...uncovered(context, from),
    ...feeders(context, from),
    ...mayComeThrough(context, from),
    ...clusterWide(context, from),
    ...triggerSilence(context, from),
  ]
}

/** A superuser connects whatever is revoked; so does whoever logs in as one of belt's own roles. */
function uncovered(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const { spec } = context
  const catalog = context[from]
  if (spec.cutover.fence === 'none') return []
  if (spec.cutover.fence === 'read_only') return writesByDefault(catalog, spec.cutover.exceptRoles)
  const admitted = admittedRoles(context, from)
  const exempt = new Set([...spec.cutover.exceptRoles, ...serviceRoles(catalog)])
  return catalog.activity.sessionsByRole
    .filter(({ role }) => !exempt.has(role) && whyNot(catalog, role, held(spec.cutover.fence, admitted)) !== undefined)
    .map(({ role, sessions }) => ({
      severity: 'error',
      code: 'fence-hole',
      side: from,
      subject: `role ${role}`,
      message: `${String(sessions)} sessions are connected as ${role}, ${whyNot(catalog, role, held(spec.cutover.fence, admitted)) ?? ''}: the fence does not keep them out`,
      fix: `Let the application log in as a role of its own, stop it yourself and use cutover: { fence: none }, or name the role in cutover.except_roles if it never writes.`,
    }))
}

/** The worker of a subscription needs no login here, so that it would write on behind the fence. */
function feeders({ spec, names, ...catalogs }: MigrationContext, from: Side): readonly Diagnostic[] {
  if (spec.cutover.fence === 'none' || spec.cutover.fence === 'read_only') return []
  const own: readonly string[] = [names.forward.subscription, names.reverse.subscription]
  return catalogs[from].subscriptions
    .filter((s) => s.enabled && !own.includes(s.name))
    .map(({ name }) => ({
      severity: 'error',
      code: 'fence-hole',
      side: from,
      subject: `subscription ${name}`,
      message: `subscription ${name} brings rows from elsewhere to the ${from}: the fence does not keep them out`,
      fix: `Disable it before, and make one like it on the ${otherSide(from)} afterwards.`,
    }))
}

/** Not connected now, but let through whatever is revoked: inside the pause nobody may be able to come (rule 16). */
function mayComeThrough(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const { spec } = context
  if (spec.cutover.fence !== 'revoke_connect') return []
  const catalog = context[from]
  const admitted = admittedRoles(context, from)
  const kept = new Set([...admitted, ...serviceRoles(catalog)])
  const connected = new Set(catalog.activity.sessionsByRole.map(({ role }) => role))
  return catalog.roles
    .filter((r) => r.login && !r.superuser && r.connectionLimit !== 0 && !kept.has(r.name) && !connected.has(r.name))
    .flatMap(({ name }): readonly Diagnostic[] => {
      const why = whyNot(catalog, name, held(spec.cutover.fence, admitted))
      if (why === undefined) return []
      return [
        {
          severity: 'error',
          code: 'fence-hole',
          side: from,
          subject: `role ${name}`,
          message: `role ${name} may log in and is ${why}: the fence does not keep it out`,
          fix: `Take the membership away, use cutover: { fence: none } and stop it yourself, or name the role in cutover.except_roles if it never writes.`,
        },
      ]
    })
}

const OFF: ReadonlySet<string> = new Set(['off', 'false', 'no', '0'])

/** What is set for a role wins over the database's own setting, which is all that this fence is. */
function writesByDefault(catalog: IndexedCatalog, exempt: readonly string[]): readonly Diagnostic[] {
  const inDatabase = new Map(catalog.database.roleSettings.map((r) => [r.role, r.settings]))
  return catalog.roles
    .filter((r) => r.login && r.canConnect && !exempt.includes(r.name))
    .filter((r) =>
      [...(inDatabase.get(r.name) ?? []), ...r.settings].some(
        (s) => s.name === 'default_transaction_read_only' && OFF.has(s.value),
      ),
    )
    .map(({ name }) => ({
      severity: 'error',
      code: 'fence-hole',
      side: catalog.side,
      subject: `role ${name}`,
      message: `role ${name} has a default_transaction_read_only of its own, which wins over the fence read_only: it could go on writing`,
      fix: `alter role ${quoteIdent(name)} reset default_transaction_read_only; (or in database ${quoteIdent(catalog.database.name)}), or use cutover: { fence: revoke_connect }`,
    }))
}

interface Held {
  /** Let through by the fence. */
  readonly admitted: readonly string[]
  /** A role lets its members through. */
  readonly inherited: boolean
}

/** Without LOGIN a role cannot come in as a member of another; without CONNECT it can. */
function held(fence: FenceMethod, admitted: readonly string[]): Held {
  return { admitted, inherited: fence === 'revoke_connect' }
}

function whyNot(catalog: IndexedCatalog, role: string, { admitted, inherited }: Held): string | undefined {
  if (catalog.roleByName(role)?.superuser === true) return 'a superuser'
  if (admitted.includes(role)) return 'which belt itself needs'
  if (!inherited) return undefined
  const through = rolesOf(catalog, role).find((r) => r !== role && admitted.includes(r))
  return through === undefined ? undefined : `a member of ${through}, which is let through`
}

function clusterWide(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const { siblings } = context[from].database
  if (context.spec.cutover.fence !== 'revoke_login') return []
  if (context.inspection.sameCluster) {
    return [
      {
        severity: 'error',
        code: 'fence-one-cluster',
        side: from,
        message: `both databases are in one cluster: taking LOGIN would keep applications out of the ${otherSide(from)} too`,
        fix: 'Use cutover: { fence: revoke_connect }, which holds for this database only.',
      },
    ]
  }
  if (siblings.length === 0) return []
  return [
    {
      severity: 'warning',
      code: 'fence-cluster-wide',
      side: from,
      message: `taking LOGIN reaches every database of the server: ${siblings.join(', ')}`,
      fix: 'Use cutover: { fence: revoke_connect }, which holds for this database only.',
    },
  ]
}

/** Rows copied inside the pause must not fire triggers or foreign keys of the side that receives them (rule 4). */
function triggerSilence(context: MigrationContext, from: Side): readonly Diagnostic[] {
  const to = context[from === 'source' ? 'target' : 'source']
  const copied = context.scope.tables.some((t) => t.route === 'copy-at-cutover')
  if (!copied || to.me.maySilenceTriggers) return []
  return [
    {
      severity: 'error',
      code: 'trigger-privilege',
      side: to.side,
      message: `${to.me.name} may not set session_replication_role on the ${to.side}, which copying rows inside the pause needs`,
      fix:
        to.server.major >= 15
          ? `grant set on parameter session_replication_role to ${quoteIdent(to.me.name)}; (as a superuser)`
          : 'Use a superuser as admin: before 15 nobody else may.',
    },
  ]
}
