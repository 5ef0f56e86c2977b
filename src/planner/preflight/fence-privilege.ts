import type { IndexedCatalog } from '../../catalog/indexed.js'
import { compareText } from '../../core/diagnostic.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Side } from '../../core/side.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide } from '../current-stage.js'
import { grantMembership, hasRightsOf, maySetRole } from './act-as.js'

/**
 * CONNECT that the owner of a database granted, or that everybody has from the start, is only for the owner to take:
 * from anybody else REVOKE changes nothing and says so in a warning alone (seen on 17), and the database stays open.
 */
export function checkFencePrivilege(context: MigrationContext): readonly Diagnostic[] {
  const { stage, cutover } = context.spec
  const sides: readonly Side[] =
    stage === 'cutover' && (cutover.fence === 'revoke_connect' || cutover.fence === 'read_only')
      ? ['source', 'target']
      : ['target']
  const closed = sides.flatMap((side) =>
    (side === 'source' && cutover.fence === 'read_only' ? mayOwn : mayClose)(context[side]),
  )
  return [...closed, ...mayTakeLogin(context)]
}

/** What the owner may do with a database, its members may who have its rights without SET ROLE. */
function mayOwn(catalog: IndexedCatalog): readonly Diagnostic[] {
  const { me, database, side } = catalog
  if (hasRightsOf(catalog, database.owner)) return []
  const name = quoteIdent(database.name)
  return [
    {
      severity: 'error',
      code: 'fence-privilege',
      side,
      message: `only its owner can close database ${name} to applications, and ${me.name} has not the rights of ${database.owner} on the ${side}`,
      fix: `alter database ${name} owner to ${quoteIdent(me.name)};`,
    },
  ]
}

/** A grant is taken back as the role that gave it, which need not be the owner. */
function mayClose(catalog: IndexedCatalog): readonly Diagnostic[] {
  const { database, side, me } = catalog
  const grantors = (database.acl ?? [])
    .filter((a) => a.privilege === 'CONNECT' && a.grantor !== database.owner && !maySetRole(catalog, a.grantor))
    .map((a) => a.grantor)
  return [
    ...mayOwn(catalog),
    ...[...new Set(grantors)].sort(compareText).map((grantor): Diagnostic => ({
      severity: 'error',
      code: 'fence-privilege',
      side,
      subject: `role ${grantor}`,
      message: `${grantor} granted CONNECT on database ${quoteIdent(database.name)}, which only it can take back, and ${me.name} may not act as it on the ${side}`,
      fix: grantMembership(catalog, grantor),
    })),
  ]
}

/** Who may not alter a role may not take its LOGIN; from 16 CREATEROLE alone is not enough, which only the statement tells. */
function mayTakeLogin(context: MigrationContext): readonly Diagnostic[] {
  const { stage, cutover } = context.spec
  if (cutover.fence !== 'revoke_login' || (stage !== 'cutover' && stage !== 'rolled-back')) return []
  const side: Side = stage === 'cutover' ? 'source' : 'target'
  if (servingSide(context) !== side) return []
  const { me } = context[side]
  if (me.superuser || me.createRole) return []
  return [
    {
      severity: 'error',
      code: 'fence-privilege',
      side,
      message: `${me.name} may not alter roles on the ${side}, and cutover.fence is revoke_login`,
      fix: `Use cutover: { fence: revoke_connect }, or as a superuser: alter role ${quoteIdent(me.name)} createrole;`,
    },
  ]
}
