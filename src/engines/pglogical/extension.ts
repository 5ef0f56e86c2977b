import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { quoteIdent } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { extensionId, usageId } from './ids.js'

/** Noted as belt's, so that it is dropped in the end only where belt made it. */
export function extensionAction(context: MigrationContext, side: Side, after: readonly ActionId[]): Action {
  const id = extensionId(side)
  // The extension makes its schema where it is missing, and leaves it behind when it is dropped.
  const before = context[side].schemas.some((s) => s.name === 'pglogical') ? { schema: 'there' } : null
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side,
    phase: 'replication',
    operation: 'create',
    title: `extension pglogical`,
    note: 'Out of scope and of every dump: it carries the rows and is not one of the application’s.',
    sql: [`create extension pglogical`, recordSql(context.names.lineage, id, 'extension pglogical', before)],
    after,
    timeouts: BRIEF_LOCK,
    undo: 'drop extension pglogical; drop schema pglogical',
    specPath: 'engine',
    wants: [{ is: 'extension', name: 'pglogical', there: true }],
  }
}

/** What the other side's pglogical asks of this one as the replication role, beside the rows themselves. */
export function usageAction(context: MigrationContext, publisher: Side, after: readonly ActionId[]): Action {
  const { spec, names } = context
  const id = usageId(publisher)
  const role = quoteIdent(spec.roles.replication.name)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side: publisher,
    phase: 'replication',
    operation: 'change',
    title: `${role} may look into pglogical's catalog`,
    sql: [
      `grant usage on schema pglogical to ${role}`,
      `grant select on table pglogical.tables to ${role}`,
      recordSql(names.lineage, id, 'grants', null),
    ],
    after,
    undo: 'Revoked at stage absent or finalized.',
    wants: [{ is: 'record', lineage: names.lineage, action: id, there: true }],
  }
}
