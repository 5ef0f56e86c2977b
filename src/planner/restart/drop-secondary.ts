import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKey } from '../../catalog/object-key.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { dispositionOf } from '../schema/disposition.js'

/**
 * What of the target's tables would slow a copy down or refuse its rows, and that the source has too, so that the same
 * plan makes it again: foreign keys of all tables first, since unique constraints may stand behind them; then other
 * constraints and indexes; and the contents of materialized views, which would be those of the old rows.
 */
export function dropSecondary(context: MigrationContext, after: readonly ActionId[]): readonly Ensure[] {
  const parts = partsOf(context)
  const objects = context.target.script.objects.filter((o) => isMadeAgain(o, context))
  const isForeign = (o: SchemaObject): boolean => o.constraint?.type === 'foreign key'
  const steps = [
    ...byTable(objects.filter(isForeign)).map((group) => dropAction('foreign-keys', 'foreign key', group, parts)),
    ...byTable(objects.filter((o) => !isForeign(o))).map((group) => dropAction('secondary', 'object', group, parts)),
    ...unpopulate(context),
  ]
  // One after the other: they run alone anyway, and a list of all before each would grow with the square of the tables.
  return steps.map((step, i): Ensure => {
    const previous = steps[i - 1]
    return { ...step, after: previous === undefined ? after : [previous.id] }
  })
}

function isMadeAgain(object: SchemaObject, { source, target, scope }: MigrationContext): boolean {
  const { table, schema } = object
  if (object.kind !== 'constraint' && object.kind !== 'index') return false
  if (table === undefined || scope.routeOf(table.schema, table.name) === undefined) return false
  const original = source.objectByKey.get(object.key)
  if (original === undefined) return false
  const disposition = dispositionOf(original, { source, scope })
  if (disposition !== 'after-copy' && disposition !== 'cutover') return false
  // It goes with the index of the partitioned table that it is attached to, and cannot go before.
  return schema === undefined || !target.objectByKey.has(objectKey('index attach', schema, object.name))
}

function byTable(objects: readonly SchemaObject[]): readonly (readonly SchemaObject[])[] {
  const groups = new Map<string, SchemaObject[]>()
  for (const object of objects) {
    const relation = relationOf(object)
    const group = groups.get(relation)
    if (group) group.push(object)
    else groups.set(relation, [object])
  }
  return [...groups.values()]
}

function relationOf({ table }: SchemaObject): string {
  return table === undefined ? '' : quoteQualified(table.schema, table.name)
}

/** By the key of an object, or of an index that others are attached to: what disappears with it. */
type Parts = ReadonlyMap<ObjectKey, readonly SchemaObject[]>

function partsOf({ target }: MigrationContext): Parts {
  const parts = new Map<ObjectKey, SchemaObject[]>()
  const add = (of: ObjectKey, part: SchemaObject): void => {
    parts.set(of, [...(parts.get(of) ?? []), part])
  }
  const indexes = new Map<string, SchemaObject>()
  for (const o of target.script.objects) {
    if (o.about !== undefined && o.about !== o.key) add(o.about, o)
    const { type } = o.constraint ?? {}
    if ((o.kind === 'index' || type === 'unique' || type === 'exclude') && o.schema !== undefined)
      indexes.set(`${o.schema}\u0000${o.name}`, o)
  }
  for (const o of target.script.objects) {
    if (o.kind === 'index attach' && o.parent !== undefined) {
      const parent = indexes.get(`${o.parent.schema}\u0000${o.parent.name}`)
      const child = indexes.get(`${o.schema ?? ''}\u0000${o.name}`)
      if (parent !== undefined) add(parent.key, o)
      if (parent !== undefined && child !== undefined) add(parent.key, child)
    }
    if (o.kind === 'cluster on' && o.table !== undefined) {
      const index = indexes.get(`${o.table.schema}\u0000${o.name}`)
      if (index !== undefined) add(index.key, o)
    }
  }
  return parts
}

function keysOf(object: SchemaObject, parts: Parts): readonly ObjectKey[] {
  return [object.key, ...(parts.get(object.key) ?? []).flatMap((part) => keysOf(part, parts))]
}

function dropAction(word: string, noun: string, group: readonly SchemaObject[], parts: Parts): Ensure {
  const [first] = group
  const relation = first === undefined ? '' : relationOf(first)
  const referenced = group.flatMap(({ constraint }) =>
    constraint?.references === undefined
      ? []
      : [quoteQualified(constraint.references.schema, constraint.references.name)],
  )
  const names = group.map((o) => o.name).join(', ')
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('drop', word, relation),
    side: 'target',
    phase: 'restart',
    operation: 'drop',
    title: `${counted(group.length, noun)} of ${relation}, made again after the copy: ${names}`,
    sql: group.map((o) =>
      o.kind === 'constraint'
        ? `alter table ${relation} drop constraint ${quoteIdent(o.name)}`
        : `drop index ${quoteQualified(o.schema ?? '', o.name)}`,
    ),
    locks: [...new Set([relation, ...referenced])].map((name): Lock => ({ mode: 'ACCESS EXCLUSIVE', relation: name })),
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'objects', keys: group.flatMap((o) => keysOf(o, parts)), there: false }],
  }
}

/** A materialized view keeps the rows it was refreshed with; empty, it is refreshed again once the tables are copied. */
function unpopulate({ source, target, scope }: MigrationContext): readonly Ensure[] {
  return target.materializedViews.flatMap(({ schema, name, populated }): readonly Ensure[] => {
    const key = objectKey('materialized view', schema, name)
    const object = target.objectByKey.get(key)
    if (!populated || object === undefined || !source.populatedViews.has(key) || !scope.includesObject(object)) {
      return []
    }
    const relation = quoteQualified(schema, name)
    return [
      {
        ...NOTHING_SPECIAL,
        kind: 'ensure',
        id: actionId('unpopulate', relation),
        side: 'target',
        phase: 'restart',
        operation: 'change',
        title: `materialized view ${relation} without its old rows`,
        sql: [`refresh materialized view ${relation} with no data`],
        locks: [{ mode: 'ACCESS EXCLUSIVE', relation }],
        timeouts: BRIEF_LOCK,
        wants: [{ is: 'unpopulated', view: { schema, name } }],
      },
    ]
  })
}
