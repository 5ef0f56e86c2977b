import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKey } from '../../catalog/object-key.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import type { MigrationContext } from '../../migration/context.js'
import { dispositionOf } from './disposition.js'
import type { Disposition } from './disposition.js'
import { isUnproven } from './late-constraint.js'
import { withLaterPartitions } from './later-partition.js'
import type { ObjectGroup } from './object-group.js'

/** Source objects in scope that the target lacks, in an order in which they can be made. */
export function missingGroups(context: MigrationContext): readonly ObjectGroup[] {
  const missing = context.source.script.objects.filter(
    (o) => context.scope.includesObject(o) && !isOnTarget(o, context) && !isLeftOut(o, context),
  )
  const byKey = new Map(missing.map((o) => [o.key, o]))
  const groups = new Map<ObjectKey, { head: SchemaObject; members: SchemaObject[]; disposition: Disposition }>()
  for (const object of missing) {
    const disposition = dispositionOf(object, context)
    const head = headOf(object, byKey)
    const group = head === undefined ? undefined : groups.get(head.key)
    if (group && canJoin(object, disposition, group.disposition)) group.members.push(object)
    else groups.set(object.key, { head: object, members: [object], disposition })
  }
  return withLaterPartitions(
    [...groups.values()].map((group) => followHead(group, context)),
    context,
  )
}

/** A comment or grant is made when its object is: after the copy for an index, at cutover for a NOT VALID constraint. */
function followHead(group: ObjectGroup, context: MigrationContext): ObjectGroup {
  const { about, kind } = group.head
  // A constraint of a domain is about the domain, and is an object of its own.
  if (about === undefined || kind === 'constraint') return group
  const object = context.source.objectByKey.get(about)
  return object ? { ...group, disposition: dispositionOf(object, context) } : group
}

function canJoin(object: SchemaObject, disposition: Disposition, head: Disposition): boolean {
  return object.kind === 'trigger enablement' ? true : disposition === 'before-copy' || disposition === head
}

/** What the object is made together with: what it is about, the table of its switch, the trigger it enables. */
function headOf(object: SchemaObject, missing: ReadonlyMap<ObjectKey, SchemaObject>): SchemaObject | undefined {
  if (object.about !== undefined && object.kind !== 'constraint') return missing.get(object.about)
  if (object.table === undefined) return undefined
  const { schema, name } = object.table
  if (object.kind === 'row security') return missing.get(objectKey('table', schema, name))
  if (object.kind === 'trigger enablement') return missing.get(objectKey('trigger', schema, name, object.name))
  return undefined
}

/** An index that an interrupted build left INVALID is not there: the name is taken, the index is not. */
function isOnTarget(object: SchemaObject, { target }: MigrationContext): boolean {
  if (!target.objectByKey.has(object.key)) return false
  if (object.kind !== 'index' || object.schema === undefined) return true
  const index = target.indexByName(object.schema, object.name)
  return index === undefined || index.valid || index.partitioned
}

/** Things that a diagnostic reports instead: they cannot or must not be made on the target. */
function isLeftOut(object: SchemaObject, context: MigrationContext): boolean {
  if (object.kind === 'security label') return true
  const references = object.constraint?.references
  if (references === undefined) return false
  if (context.scope.routeOf(references.schema, references.name) === undefined) return true
  // Rows that refer to nothing would be refused, and it cannot be added without looking at them.
  return object.constraint?.notValid !== true && object.notValidVariant === undefined && isUnproven(object, context)
}
