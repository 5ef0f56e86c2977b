import { serviceRoles } from '../../catalog/provider.js'
import type { Role } from '../../catalog/roles.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { handoverFenceOf } from '../../migration/fence-record.js'
import { servingSide, sideToReopen } from '../current-stage.js'

/** Before a handover: whoever logs in on the side that serves must be able to on the side that is opened. */
export function checkOpenedRoles(context: MigrationContext): readonly Diagnostic[] {
  const { spec, names, inspection } = context
  const from: Side = spec.stage === 'cutover' ? 'source' : 'target'
  if (inspection.sameCluster || servingSide(context) !== from || sideToReopen(context) !== undefined) return []
  const to = otherSide(from)
  const [serving, opened] = [context[from], context[to]]
  const connected = serving.activity.sessionsByRole.map(({ role }) => role)
  const spared = new Set([
    ...[serving.me.name, opened.me.name, spec.roles.replication.name],
    ...spec.cutover.exceptRoles,
    ...serviceRoles(serving),
  ])
  // A fence of that kind took these and gives them back as it opens.
  const given = handoverFenceOf(opened, names.lineage)?.logins ?? []
  return [...new Set([...spec.roles.copy, ...connected])].sort().flatMap((name): readonly Diagnostic[] => {
    const role = serving.roleByName(name)
    if (role === undefined || !role.login || !role.canConnect || role.superuser || spared.has(name)) return []
    const obstacle = whyNoLogin(role, opened.roleByName(name), given)
    if (obstacle === undefined) return []
    return [
      {
        severity: 'error',
        code: 'role-login',
        side: to,
        subject: `role ${name}`,
        message: `role ${name} logs in on the ${from} and could not on the ${to} once that serves: ${obstacle.why}`,
        fix: `On the ${to}: ${obstacle.fix} A role that need not log in there is named in cutover.except_roles.`,
      },
    ]
  })
}

interface Obstacle {
  readonly why: string
  readonly fix: string
}

function whyNoLogin(role: Role, there: Role | undefined, given: readonly string[]): Obstacle | undefined {
  const name = quoteIdent(role.name)
  if (there === undefined) {
    return { why: 'it does not exist there', fix: `make it (roles.copy and stage: replicating do that on the target).` }
  }
  if (!there.login && !given.includes(role.name)) return { why: 'it has no LOGIN', fix: `alter role ${name} login;` }
  if (there.connectionLimit === 0 && role.connectionLimit !== 0) {
    return {
      why: 'its connection limit is 0',
      fix: `alter role ${name} connection limit ${String(role.connectionLimit)};`,
    }
  }
  const [until, other] = [there.validUntil, role.validUntil]
  // Nothing here knows the time: a password that ends earlier than the other one may have ended.
  if (until !== undefined && until !== 'infinity' && (other === undefined || other === 'infinity' || until < other)) {
    return {
      why: `its password is valid until ${until} only`,
      fix: `alter role ${name} valid until ${quoteLiteral(other ?? 'infinity')};`,
    }
  }
  if (there.password === 'none' && (role.password === 'scram' || role.password === 'md5')) {
    return { why: 'it has no password', fix: `\\password ${name}` }
  }
  return undefined
}
