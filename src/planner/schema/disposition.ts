import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { firesInReplication } from './deferred-object.js'
import { triggerAbove } from './trigger-above.js'
import { isLateForeignKey } from './late-constraint.js'
import type { Rows } from './late-constraint.js'

/**
 * When an object of the source is made on the target. `before-copy` is what the copy needs: tables, types, functions,
 * primary keys, the index that identifies rows. `after-copy` would slow the copy down or be fired by it.
 * `cutover` could refuse rows that still arrive. `last` would react to belt's own statements.
 */
export type Disposition = 'before-copy' | 'after-copy' | 'last' | 'cutover'

export function dispositionOf(object: SchemaObject, rows: Rows): Disposition {
  const { source } = rows
  switch (object.kind) {
    case 'constraint':
      return constraintDisposition(object, rows)
    case 'index':
      return isIdentityIndex(object.schema, object.name, source) ? 'before-copy' : 'after-copy'
    case 'index attach':
      return isIdentityIndex(object.schema, object.name, source) ? 'before-copy' : 'after-copy'
    case 'trigger':
    case 'rule':
    case 'cluster on':
      return 'after-copy'
    case 'trigger enablement':
      return firesInReplication(object) || isUnderFiring(object, source) ? 'cutover' : 'after-copy'
    case 'event trigger':
      return 'last'
    default:
      return 'before-copy'
  }
}

/** A partition's own way of a trigger that fires for replicated rows elsewhere: switched with that. */
function isUnderFiring({ table, name }: SchemaObject, source: IndexedCatalog): boolean {
  const trigger = table === undefined ? undefined : source.triggerByName(table.schema, table.name, name)
  const above = trigger?.inherited === true ? triggerAbove(source, trigger) : undefined
  return above?.enabled === 'always' || above?.enabled === 'replica'
}

function constraintDisposition(object: SchemaObject, rows: Rows): Disposition {
  const { constraint } = object
  if (constraint?.notValid === true) return 'cutover'
  switch (constraint?.type) {
    case 'foreign key':
      return isLateForeignKey(object, rows) ? 'cutover' : 'after-copy'
    case 'unique':
    case 'exclude':
      return isIdentityIndex(object.schema, object.name, rows.source) ? 'before-copy' : 'after-copy'
    default:
      return 'before-copy'
  }
}

/** The index replication finds rows by: a primary key's, or the one REPLICA IDENTITY USING INDEX names. */
function isIdentityIndex(schema: string | undefined, name: string, source: IndexedCatalog): boolean {
  const index = schema === undefined ? undefined : source.indexByName(schema, name.split('.').at(-1) ?? name)
  return index !== undefined && (index.primary || index.replicaIdentity)
}
