import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { factKey, recordFact } from '../../catalog/facts.js'
import { objectKey } from '../../catalog/object-key.js'
import type { Table } from '../../catalog/relations.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { fenceId, openId } from '../../migration/fence-record.js'
import { recordSql } from '../../migration/record-sql.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { restartId } from './generation.js'

/** The last of them, which also notes that the old copy is gone. */
export const EMPTIED_ID = actionId('truncate', 'target')

/** Each table, its indexes and its TOAST table take a lock until the transaction ends. */
const TABLES_AT_ONCE = 500

/** Tables whose rows belt brings: those whose structure alone is in scope keep what they hold. */
export function tablesToEmpty({ scope, target }: MigrationContext): readonly Table[] {
  return scope.tables
    .filter((t) => t.route !== 'none')
    .flatMap((t) => target.tableByName(t.table.schema, t.table.name) ?? [])
    .filter((there) => there.kind === 'table')
}

/**
 * TRUNCATE ONLY, for a table that inherits from one in scope may be out of it. Triggers on TRUNCATE stay silent where
 * belt may silence them.
 */
export function truncateActions(
  context: MigrationContext,
  before: readonly ActionId[],
): Required<Pick<Draft, 'actions' | 'estimates'>> {
  const tables = tablesToEmpty(context)
  const batches: (readonly Table[])[] = []
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    batches.push(tables.slice(from, from + TABLES_AT_ONCE))
  }
  const last = batches.pop() ?? []
  const first = batches.map((batch, i) => truncateAction(context, batch, actionId('truncate', 'target', String(i + 1))))
  const actions = [...first, lastAction(context, last, tables.length)].map((action, i, all): Ensure => ({
    ...action,
    after: i === 0 ? before : [all[i - 1]?.id ?? EMPTIED_ID],
  }))
  const rows = tables.reduce((sum, t) => sum + Math.max(0, t.volatile.rows), 0)
  const bytes = tables.reduce((sum, t) => sum + t.volatile.bytes, 0)
  return { actions, estimates: { [EMPTIED_ID]: { rows, bytes } } }
}

function truncateAction({ target }: MigrationContext, tables: readonly Table[], id: ActionId): Ensure {
  const relations = tables.map((t) => quoteQualified(t.schema, t.name))
  const silent = target.me.maySilenceTriggers ? ['set local session_replication_role = replica'] : []
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side: 'target',
    phase: 'restart',
    operation: 'drop',
    title: `the rows of ${counted(tables.length, 'table')} on the target`,
    sql: tables.length === 0 ? [] : [...silent, `truncate table only ${relations.join(', only ')}`],
    reads: tables.map((t) => factKey('target', objectKey('table', t.schema, t.name))),
    locks: relations.map((relation): Lock => ({ mode: 'ACCESS EXCLUSIVE', relation })),
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'empty', tables: tables.map(({ schema, name }) => ({ schema, name })) }],
  }
}

function lastAction(context: MigrationContext, tables: readonly Table[], all: number): Ensure {
  const { names, target } = context
  const id = restartId(context)
  const action = truncateAction(context, tables, EMPTIED_ID)
  const hasMarker = target.beltTables.includes(names.markerTable)
  const marker = `${BELT_SCHEMA}.${quoteIdent(names.markerTable)}`
  return {
    ...action,
    note: 'Only tables of this migration, only on the target; the source is not touched. Noted on the target, so that a run that goes on deletes nothing twice.',
    sql: [
      ...action.sql,
      ...(hasMarker ? [`truncate table only ${marker}`] : []),
      recordSql(names.lineage, id, 'old copy taken away', null),
    ],
    reads: [
      ...action.reads,
      // Opened since, or closed anew, the target may hold what only it has.
      factKey('target', 'database acl'),
      factKey('target', recordFact(names.lineage, fenceId('target'))),
      factKey('source', recordFact(names.lineage, openId('target'))),
    ],
    hazards: [
      {
        code: 'truncate-target',
        message: `every row of ${counted(all, 'table')} on the target is deleted and copied anew from the source`,
        approval: true,
      },
    ],
    wants: [{ is: 'record', lineage: names.lineage, action: id, there: true }, ...action.wants],
  }
}
