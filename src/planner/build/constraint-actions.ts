import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId, LockMode } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import type { MigrationContext } from '../../migration/context.js'
import { createGroup } from '../schema/create-group.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import type { ObjectGroup } from '../schema/object-group.js'
import { INDEX_BYTES_PER_SECOND, stallHazards } from './index-action.js'
import { uniqueInTwoSteps } from './unique-constraint.js'

/**
 * A constraint made after the copy. A foreign key comes in two steps: added NOT VALID under a lock held for an instant,
 * then validated under one that lets rows stream on. An exclusion constraint builds its index under its lock, and so does
 * a unique one that is quickly built.
 */
export function constraintActions(
  group: ObjectGroup,
  context: MigrationContext,
  after: readonly ActionId[],
): readonly Action[] {
  const { head } = group
  const table = head.table ?? { schema: head.schema ?? '', name: '' }
  const relation = quoteQualified(table.schema, table.name)
  const mode: LockMode = head.constraint?.type === 'foreign key' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE'
  const references = head.constraint?.references
  const made = {
    ...createGroup(group, 'build', after),
    locks: [
      { mode, relation },
      ...(references === undefined ? [] : [{ mode, relation: quoteQualified(references.schema, references.name) }]),
    ],
    timeouts: BRIEF_LOCK,
    undo: `alter table ${relation} drop constraint ${quoteIdent(head.name)}`,
  }
  const { notValidVariant, validate } = head
  if (head.constraint?.type !== 'foreign key' || notValidVariant === undefined || validate === undefined) {
    const seconds = lockedBytes(context, table) / INDEX_BYTES_PER_SECOND
    const isSlow = seconds * 1000 > context.spec.indexes.maxStallMs
    return uniqueInTwoSteps(group, made, table, isSlow, context) ?? [{ ...made, hazards: stallHazards(seconds) }]
  }
  const [, ...rest] = head.statements
  const members = group.members.filter((m) => m !== head).flatMap((m) => m.statements)
  const added: Action = { ...made, title: `${made.title} not valid`, sql: [notValidVariant, ...rest, ...members] }
  const checked: Action = {
    ...NOTHING_SPECIAL,
    kind: 'validate-constraint',
    id: actionId('validate', made.id),
    side: 'target',
    phase: 'build',
    operation: 'run',
    title: `validate ${head.key}`,
    sql: [validate],
    after: [made.id],
    reads: [factKey('source', head.key)],
    locks: [{ mode: 'SHARE UPDATE EXCLUSIVE', relation }],
    table,
    constraint: head.name,
  }
  return [added, checked]
}

/** Bytes that are read while the lock is held: those of all partitions, since a partitioned table has none of its own. */
function lockedBytes(context: MigrationContext, { schema, name }: QualifiedName): number {
  const { source } = context
  const own = source.tableByName(schema, name)?.volatile.bytes ?? 0
  const parts = source.tables.filter(
    (t) => t.isPartition && t.parents.some((p) => p.schema === schema && p.name === name),
  )
  return parts.reduce((sum, part) => sum + lockedBytes(context, part), own)
}
