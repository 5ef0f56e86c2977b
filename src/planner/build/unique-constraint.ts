import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { CreateIndex } from '../../actions/create-index.js'
import type { CreateObject } from '../../actions/create-object.js'
import { objectKey } from '../../catalog/object-key.js'
import type { QualifiedName, UniqueIndex } from '../../catalog/schema-script.js'
import { factKey } from '../../catalog/facts.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { ObjectGroup } from '../schema/object-group.js'
import { identityOf } from '../schema/object-id.js'

/**
 * A unique constraint builds its index under ACCESS EXCLUSIVE, which stalls apply and every reader. Where that would be
 * long the index is built CONCURRENTLY first and the constraint then takes it over in an instant (rule 7). Also where
 * such an index stands already: an earlier run was ended between the two steps. Undefined: one step will do.
 */
export function uniqueInTwoSteps(
  group: ObjectGroup,
  made: CreateObject,
  table: QualifiedName,
  isSlow: boolean,
  context: MigrationContext,
): readonly Action[] | undefined {
  const { head } = group
  const steps = head.uniqueIndex
  if (steps === undefined || !needsTwo(steps, { schema: table.schema, name: head.name }, isSlow, context))
    return undefined
  const [, ...rest] = head.statements
  const others = group.members.filter((m) => m !== head).flatMap((m) => m.statements)
  const index = indexStep(group, steps, table, made.after, context)
  return [index, { ...made, sql: [steps.attach, ...rest, ...others], after: [index.id] }]
}

/** An index of that name that is not the one belt would build is left to fail loudly: nobody knows what it is. */
function needsTwo(steps: UniqueIndex, at: QualifiedName, isSlow: boolean, { target }: MigrationContext): boolean {
  const index = target.indexByName(at.schema, at.name)
  if (index === undefined) return isSlow
  if (!index.valid) return true
  return target.objectByKey.get(objectKey('index', at.schema, at.name))?.statements[0] === steps.plain
}

function indexStep(
  { head }: ObjectGroup,
  steps: UniqueIndex,
  table: QualifiedName,
  after: readonly ActionId[],
  { target }: MigrationContext,
): CreateIndex {
  const key = objectKey('index', table.schema, head.name)
  const name = quoteQualified(table.schema, head.name)
  const relation = quoteQualified(table.schema, table.name)
  const isInvalid = target.indexByName(table.schema, head.name)?.valid === false
  const clear = [`drop index ${name}`]
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-index',
    id: actionId('index', identityOf(key, 'index')),
    side: 'target',
    phase: 'build',
    operation: isInvalid ? 'repair' : 'create',
    title: `${key} concurrently`,
    note: isInvalid
      ? 'An index of this name is INVALID, left by a build that failed or was interrupted: it is dropped and built again.'
      : 'The constraint takes it over, so that its table is locked for an instant only.',
    sql: [...(isInvalid ? clear : []), steps.concurrently],
    transaction: 'none',
    after,
    reads: [factKey('source', head.key), factKey('target', head.key)],
    locks: [
      ...(isInvalid ? [{ mode: 'ACCESS EXCLUSIVE' as const, relation }] : []),
      { mode: 'SHARE UPDATE EXCLUSIVE', relation },
    ],
    undo: `drop index ${name}`,
    specPath: 'indexes',
    makes: [],
    index: { schema: table.schema, name: head.name },
    table,
    concurrently: true,
    clear,
  }
}
