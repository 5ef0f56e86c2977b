import type { Diagnostic } from '../../core/diagnostic.js'
import type { Side } from '../../core/side.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide } from '../current-stage.js'

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
  const closed = sides.flatMap((side): readonly Diagnostic[] => {
    const { me, database } = context[side]
    if (me.superuser || database.owner === me.name || me.memberOf.includes(database.owner)) return []
    const name = quoteIdent(database.name)
    return [
      {
        severity: 'error',
        code: 'fence-privilege',
        side,
        message: `only its owner can close database ${name} to applications, and ${me.name} is not a member of ${database.owner} on the ${side}`,
        fix: `alter database ${name} owner to ${quoteIdent(me.name)};`,
      },
    ]
  })
  return [...closed, ...mayTakeLogin(context)]
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
