import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { factKey } from '../../catalog/facts.js'
import { quoteIdent } from '../../core/quote.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { numberedRecord } from '../../migration/numbered-record.js'
import { recordSql } from '../../migration/record-sql.js'
import { recordsId } from './records.js'

export function rolePasswordId(side: Side): ActionId {
  return actionId('role-password', side)
}

/** The replication role has another password than the spec gives, and the spec approves that belt sets it. */
export function willSetPassword({ spec, inspection }: MigrationContext, side: Side): boolean {
  const approved = spec.approve.some((a) => a.hazard === 'role-password' && a.action === rolePasswordId(side))
  return approved && inspection.replicationLogin[side] === 'wrong-password'
}

const PASSWORD = '${secret:roles.replication.password}'

/** Never by itself: whoever else logs in as this role is locked out until they have the new password (rule 21). */
export function planRolePassword(context: MigrationContext): Draft {
  const sides = context.inspection.sameCluster ? (['source'] as const) : SIDES
  return {
    actions: sides.filter((side) => willSetPassword(context, side)).map((side) => passwordAction(context, side)),
  }
}

function passwordAction(context: MigrationContext, side: Side): Ensure {
  const { spec, names } = context
  const { name } = spec.roles.replication
  const record = numberedRecord(context, side, rolePasswordId(side))
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: rolePasswordId(side),
    side,
    phase: 'access',
    operation: 'repair',
    title: `role ${quoteIdent(name)} gets the password of the spec`,
    note: 'As a verifier: the password itself is not sent.',
    sql: [
      `alter role ${quoteIdent(name)} password ${PASSWORD}`,
      recordSql(names.lineage, record, `password of role ${name}`, null),
    ],
    after: [recordsId(side)],
    reads: [factKey(side, `role ${name}`)],
    hazards: [
      {
        code: 'role-password',
        message: `whoever else logs in to the ${side} server as ${quoteIdent(name)}, other migrations included, cannot do so until they have the password of this spec`,
        approval: true,
      },
    ],
    secrets: [{ placeholder: PASSWORD, source: { from: 'spec', path: 'roles.replication.password' }, as: 'scram' }],
    specPath: 'roles.replication',
    wants: [{ is: 'record', lineage: names.lineage, action: record, there: true }],
  }
}
