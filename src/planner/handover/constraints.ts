import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import type { ValidateConstraint } from '../../actions/validate-constraint.js'
import { withAncestors } from '../../catalog/inheritance.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { tablesCopiedInPause } from './copied-tables.js'
import { createGroup } from '../schema/create-group.js'
import { isUnproven, isUnwatched, stopsFeeding } from '../schema/late-constraint.js'
import { missingGroups } from '../schema/missing.js'
import type { ObjectGroup } from '../schema/object-group.js'
import { objectActionId } from '../schema/object-id.js'
import { constraintsTaken, takenId } from './taken-constraints.js'
import type { TakenConstraint } from './taken-constraints.js'

/** What a handover makes of constraints on the side that opens: in the pause, and after it. */
export interface ConstraintSteps {
  readonly made: readonly Action[]
  /** Old rows are looked at once applications write again: they came from a side that had checked them. */
  readonly checked: readonly Action[]
}

/**
 * What stayed off the side that opens while it was fed: on the target NOT VALID constraints, of domains too, foreign keys
 * of tables that do not stream, and what is said of them; on the source what was taken from it. Enablements of triggers
 * have an action of their own.
 */
export function constraintsOn(
  context: MigrationContext,
  { to }: Handover,
  after: readonly ActionId[],
): ConstraintSteps {
  const steps =
    to === 'target'
      ? missingGroups(context)
          .filter((g) => g.disposition === 'cutover' && g.head.kind !== 'trigger enablement')
          .map((group) => madeOnTarget(context, group, after))
      : constraintsTaken(context)
          .filter((taken) => !taken.stands)
          .map((taken) => madeOnSource(context, taken, after))
  return { made: steps.map((s) => s.made), checked: steps.flatMap((s) => s.checked ?? []) }
}

interface Step {
  readonly made: Action
  readonly checked?: ValidateConstraint
}

function madeOnTarget(context: MigrationContext, group: ObjectGroup, after: readonly ActionId[]): Step {
  const { head, members } = group
  const made: Action = {
    ...createGroup(group, 'build', after),
    phase: 'pause',
    locks: locksOf(head),
    timeouts: BRIEF_LOCK,
  }
  // A CHECK that is NOT VALID may stay when the pause is given up, but where the next one copies rows that break it.
  const isLate =
    head.kind === 'constraint' &&
    (head.constraint?.notValid !== true || stopsFeeding(head, context) || stopsCopying(head, context))
  const undone: Action = isLate ? { ...made, abort: [dropSql(head)] } : made
  const { constraint, notValidVariant, validate } = head
  if (constraint?.type !== 'foreign key' || constraint.notValid || notValidVariant === undefined)
    return { made: undone }
  const [, ...rest] = head.statements
  const others = members.filter((m) => m !== head).flatMap((m) => m.statements)
  const added: Action = { ...undone, title: `${made.title} not valid`, sql: [notValidVariant, ...rest, ...others] }
  if (validate === undefined || isUnproven(head, context)) return { made: added }
  return { made: added, checked: checkAction('target', head, [validate], [made.id]) }
}

/** A table that is copied inside the pause holds it, or inherits it. */
function stopsCopying({ table }: SchemaObject, context: MigrationContext): boolean {
  if (table === undefined) return false
  const declared = quoteQualified(table.schema, table.name)
  return tablesCopiedInPause(context).some((t) =>
    withAncestors(context.source, t).some((a) => quoteQualified(a.schema, a.name) === declared),
  )
}

function madeOnSource({ names }: MigrationContext, taken: TakenConstraint, after: readonly ActionId[]): Step {
  const { object, before } = taken
  const forget = forgetSql(names.lineage, object.key)
  const id = actionId('again', object.key)
  const made: Action = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side: 'source',
    phase: 'pause',
    operation: 'create',
    title: `${object.key}, which the source could not have while it was fed`,
    // The note of one that is still to be checked goes with the check.
    sql: [...before.statements, ...(before.validate === undefined ? [forget] : [])],
    after,
    locks: locksOf(object),
    timeouts: BRIEF_LOCK,
    abort: [dropSql(object), recordSql(names.lineage, takenId, object.key, before)],
    wants: [{ is: 'objects', keys: [object.key], there: true }],
  }
  const { validate } = before
  return validate === undefined ? { made } : { made, checked: checkAction('source', object, [validate, forget], [id]) }
}

/** Foreign keys that were added NOT VALID in a pause, and that an interrupted run has not checked yet. */
export function checksLeft(context: MigrationContext, side: Side): readonly Action[] {
  const { lineage } = context.names
  const open = (o: SchemaObject): boolean =>
    o.table !== undefined && context[side].constraintByName(o.table.schema, o.table.name, o.name)?.validated === false
  const taken = constraintsTaken(context).flatMap(({ object, before }) =>
    before.validate === undefined ? [] : [{ object, sql: [before.validate] }],
  )
  if (side === 'source') {
    return taken
      .filter(({ object }) => open(object))
      .map(({ object, sql }) => checkAction('source', object, [...sql, forgetSql(lineage, object.key)], []))
  }
  const standing = context.source.script.objects.flatMap((object) =>
    context.scope.includesObject(object) &&
    object.constraint?.type === 'foreign key' &&
    !object.constraint.notValid &&
    object.validate !== undefined &&
    !isUnproven(object, context)
      ? [{ object, sql: [object.validate] }]
      : [],
  )
  return [...standing, ...taken]
    .filter(({ object }) => open(object))
    .map(({ object, sql }) => checkAction('target', object, sql, []))
}

function checkAction(
  side: Side,
  object: SchemaObject,
  sql: readonly string[],
  after: readonly ActionId[],
): ValidateConstraint {
  const table = object.table ?? { schema: object.schema ?? '', name: '' }
  return {
    ...NOTHING_SPECIAL,
    kind: 'validate-constraint',
    id: actionId('validate', objectActionId(object)),
    side,
    phase: 'after pause',
    operation: 'run',
    title: `validate ${object.key}`,
    sql,
    after,
    locks: [{ mode: 'SHARE UPDATE EXCLUSIVE', relation: quoteQualified(table.schema, table.name) }],
    table,
    constraint: object.name,
  }
}

/**
 * Before the side that was closed is fed it loses what would stop that for good. The target gets it again from the source;
 * of the source's own it is noted there.
 */
export function constraintsOff(
  context: MigrationContext,
  { from }: Handover,
  after: readonly ActionId[],
): readonly Ensure[] {
  // Without a way back nothing will be fed on the source any more.
  if (from === 'source' && !context.spec.reverse.enabled) return []
  const { objects } = context[from].script
  const off = objects.filter((o) => context.scope.includesObject(o) && stopsFeeding(o, context))
  if (off.length === 0) return []
  const note = (o: SchemaObject): readonly string[] => {
    const about = objects.filter((other) => other.about === o.key && other.key !== o.key).flatMap((a) => a.statements)
    const [, ...rest] = o.statements
    const isChecked = o.constraint?.notValid !== true && o.notValidVariant !== undefined && o.validate !== undefined
    const statements = isChecked ? [o.notValidVariant ?? '', ...rest, ...about] : [...o.statements, ...about]
    const before = { object: o, statements, ...(isChecked && !isUnwatched(o, context) ? { validate: o.validate } : {}) }
    return from === 'source' ? [recordSql(context.names.lineage, takenId, o.key, before)] : []
  }
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: takenIdOf(from),
      side: from,
      phase: 'after pause',
      operation: 'change',
      title: `${counted(off.length, 'constraint')} of the ${from} that would stop what feeds it: taken off until it serves`,
      sql: off.flatMap((o) => [...note(o), dropSql(o)]),
      after,
      locks: off.flatMap(droppedLocks),
      timeouts: BRIEF_LOCK,
      wants: [{ is: 'objects', keys: off.map((o) => o.key), there: false }],
    },
  ]
}

function takenIdOf(side: Side): ActionId {
  return side === 'source' ? takenId : actionId('constraints', side)
}

function forgetSql(lineage: string, object: string): string {
  return `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(takenId)} and object = ${quoteLiteral(object)}`
}

function dropSql({ table, about, name }: SchemaObject): string {
  const of = table === undefined ? (about ?? '') : `table ${quoteQualified(table.schema, table.name)}`
  return `alter ${of} drop constraint if exists ${quoteIdent(name)}`
}

function locksOf({ constraint, table }: SchemaObject): readonly Lock[] {
  if (table === undefined) return []
  const both = constraint?.references === undefined ? [table] : [table, constraint.references]
  const mode = constraint?.type === 'foreign key' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE'
  return both.map((t): Lock => ({ mode, relation: quoteQualified(t.schema, t.name) }))
}

function droppedLocks(object: SchemaObject): readonly Lock[] {
  return locksOf(object).map((lock): Lock => ({ ...lock, mode: 'ACCESS EXCLUSIVE' }))
}
