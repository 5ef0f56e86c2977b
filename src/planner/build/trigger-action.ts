import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { BRIEF_LOCK } from '../../migration/draft.js'
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
