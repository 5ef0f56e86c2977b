import type { Lock } from '../actions/base.js'
import type { Ensure } from '../actions/ensure.js'
import { actionId } from '../actions/base.js'
import { factKey, recordFact } from '../catalog/facts.js'
import { objectKey } from '../catalog/object-key.js'
import { quoteQualified } from '../core/quote.js'
import type { MigrationContext } from '../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../migration/draft.js'
import { fenceId, openId } from '../migration/fence-record.js'
import { recordSql } from '../migration/record-sql.js'
import type { Resynced } from './resynced.js'

/** The actions of one resync are done for good once its record stands, whatever the tables hold by then. */
export function onceEmptied({ names }: MigrationContext, { emptied }: Resynced): NonNullable<Ensure['unless']> {
  return { side: 'target', condition: { is: 'record', lineage: names.lineage, action: emptied, there: true } }
}

/** What is done in the transaction that empties a table. */
export interface WithEmptying {
  readonly before: readonly string[]
  readonly behind: readonly string[]
}

/**
 * The rows of one table of the target go. Triggers and foreign keys stay silent where belt may silence them; otherwise
 * only TRUNCATE is tried, which no table that refers to it allows.
 */
export function emptyTable(
  context: MigrationContext,
  table: Resynced,
  { before, behind }: WithEmptying = { before: [], behind: [] },
): Ensure {
  const { names, target } = context
  const relation = quoteQualified(table.schema, table.name)
  const silent = target.me.maySilenceTriggers
  const empties = table.referenced && silent ? `delete from only ${relation}` : `truncate table only ${relation}`
  const lock: Lock = { mode: 'ACCESS EXCLUSIVE', relation }
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('resync', relation),
    side: 'target',
    phase: 'restart',
    operation: 'repair',
    title: `the rows of ${relation} on the target, to be copied anew`,
    note: 'Only on the target; the source is not touched, and other tables stream on.',
    sql: [
      ...(silent ? ['set local session_replication_role = replica'] : []),
      ...before,
      empties,
      ...behind,
      recordSql(names.lineage, table.emptied, `table ${relation}`, null),
    ],
    reads: [
      factKey('target', objectKey('table', table.schema, table.name)),
      // Opened since, or closed anew, the target may hold what only it has.
      factKey('target', 'database acl'),
      factKey('target', recordFact(names.lineage, fenceId('target'))),
      factKey('source', recordFact(names.lineage, openId('target'))),
    ],
    locks: [lock],
    timeouts: BRIEF_LOCK,
    hazards: table.missing
      ? []
      : [
          {
            code: 'truncate-target',
            message: `every row of ${relation} on the target is deleted and copied anew from the source`,
            approval: true,
          },
        ],
    wants: [
      { is: 'record', lineage: names.lineage, action: table.emptied, there: true },
      { is: 'empty', tables: [{ schema: table.schema, name: table.name }] },
    ],
    unless: onceEmptied(context, table),
  }
}
