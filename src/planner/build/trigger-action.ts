import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { CreateObject } from '../../actions/create-object.js'
import type { Ensure } from '../../actions/ensure.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { firingTriggers } from '../handover/triggers.js'
import { createGroup } from '../schema/create-group.js'
import { firesInReplication } from '../schema/deferred-object.js'
import type { ObjectGroup } from '../schema/object-group.js'

/** A trigger, made after the copy. One that fires for replicated rows is made disabled and enabled at cutover (rule 5). */
export function triggerAction(group: ObjectGroup, after: readonly ActionId[]): Action {
  const { head, members } = group
  const table = head.table ?? { schema: head.schema ?? '', name: '' }
  const relation = quoteQualified(table.schema, table.name)
  const fires = members.some(firesInReplication)
  const sql = members.flatMap((m) =>
    firesInReplication(m) ? [`alter table ${relation} disable trigger ${quoteIdent(head.name)}`] : m.statements,
  )
  const made = createGroup(group, 'build', after)
  return {
    ...made,
    title: fires ? `${head.key} disabled` : made.title,
    ...(fires ? { note: 'It fires for rows that replication brings, so it stays disabled until cutover.' } : {}),
    sql,
    locks: [{ mode: 'SHARE ROW EXCLUSIVE', relation }],
    timeouts: BRIEF_LOCK,
    undo: `drop trigger ${quoteIdent(head.name)} on ${relation}`,
  }
}

/**
 * Partitions that enable a trigger in a way of their own, where that or the partitioned table's fires for replicated rows:
 * it comes with the partitioned table's, and is disabled by itself until cutover.
 */
export function partitionTriggersOff(context: MigrationContext, after: readonly ActionId[]): readonly Ensure[] {
  const own = firingTriggers(context).filter(
    (t) => context.source.triggerByName(t.schema, t.table, t.name)?.inherited === true,
  )
  if (own.length === 0) return []
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: actionId('triggers', 'partitions'),
      side: 'target',
      phase: 'build',
      operation: 'change',
      title: `${counted(own.length, 'trigger')} of partitions disabled`,
      note: 'They or what they come from fire for rows that replication brings, so they stay disabled until cutover.',
      sql: own.map((t) => `alter table ${quoteQualified(t.schema, t.table)} disable trigger ${quoteIdent(t.name)}`),
      after,
      locks: own.map((t) => ({ mode: 'SHARE ROW EXCLUSIVE', relation: quoteQualified(t.schema, t.table) })),
      timeouts: BRIEF_LOCK,
      wants: own.map((t) => ({
        is: 'trigger',
        table: { schema: t.schema, name: t.table },
        name: t.name,
        enabled: 'disabled',
      })),
    },
  ]
}

/** An event trigger is made disabled too: belt's own statements would fire it, and what it writes would stand here alone. */
export function eventTriggerAction(
  group: ObjectGroup,
  { source }: MigrationContext,
  after: readonly ActionId[],
): CreateObject {
  const made = createGroup(group, 'build', after)
  const { kind, name } = group.head
  const was = source.eventTriggers.find((t) => t.name === name)?.enabled
  if (kind !== 'event trigger' || was === undefined || was === 'disabled') return made
  return {
    ...made,
    title: `${group.head.key} disabled`,
    note: 'It would fire for what belt does here, so it stays disabled until cutover.',
    sql: [...made.sql, `alter event trigger ${quoteIdent(name)} disable`],
    undo: `drop event trigger ${quoteIdent(name)}`,
  }
}
