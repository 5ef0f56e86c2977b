import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKey } from '../../catalog/object-key.js'
import type { QualifiedName, SchemaObject } from '../../catalog/schema-script.js'
import type { MigrationContext } from '../../migration/context.js'
import type { ObjectGroup } from './object-group.js'

/**
 * Attaching a partition makes an index of it for each of the parent's, under names of Postgres' own choosing, unless a
 * valid one like it is there to be attached too. While the parent has none nothing is made; a parent that stands on the
 * target already has its indexes. So those of the partition (and of its own partitions) come first then, whatever that
 * costs its copy; then its attachment; and at last that of its indexes, which says what is done by then.
 */
export function withLaterPartitions(groups: readonly ObjectGroup[], context: MigrationContext): readonly ObjectGroup[] {
  const late = new Set(groups.flatMap(({ head }) => (isLate(head, context) ? [tableOf(head)] : [])))
  if (late.size === 0) return groups
  const below = withPartitionsOf(late, groups)
  const placed = groups.map((group) => ({ group, place: placeOf(group.head) }))
  const at = (wanted: number): readonly ObjectGroup[] =>
    placed.filter((p) => p.place === wanted).map(({ group }) => ({ ...group, disposition: 'before-copy' }))
  const before = placed.flatMap(({ group, place }) =>
    place === undefined ? [group] : place === 0 ? [{ ...group, disposition: 'before-copy' as const }] : [],
  )
  return [...before, ...at(1), ...at(2)]

  /** Undefined: nothing to do with a later partition. */
  function placeOf(head: SchemaObject): 0 | 1 | 2 | undefined {
    if (!below.has(tableOf(head))) return undefined
    if (isLate(head, context)) return 1
    const attached = attachOf(head.table?.schema ?? '', head.name, context)
    if (attached === undefined || !topStands(attached, context)) return undefined
    if (head.kind === 'index attach') return late.has(tableOf(head)) ? 2 : 0
    return head.kind === 'index' || head.kind === 'constraint' ? 0 : undefined
  }
}

function isLate({ kind, parent }: SchemaObject, { target }: MigrationContext): boolean {
  const on = kind === 'table attach' ? parent : undefined
  return on !== undefined && target.objectByKey.has(objectKey('table', on.schema, on.name))
}

/** With the partitions of those tables, and theirs: an index is valid only once all of its partitions have theirs. */
function withPartitionsOf(tables: ReadonlySet<string>, groups: readonly ObjectGroup[]): ReadonlySet<string> {
  const found = new Set(tables)
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const { head } of groups) {
      if (head.kind === 'table attach' && found.has(keyOf(head.parent))) found.add(tableOf(head))
    }
  }
  return found
}

/** Whether the uppermost index that this one belongs to is on the target. */
function topStands({ parent }: SchemaObject, context: MigrationContext): boolean {
  if (parent === undefined) return false
  if (context.target.indexByName(parent.schema, parent.name) !== undefined) return true
  const next = attachOf(parent.schema, parent.name, context)
  return next !== undefined && topStands(next, context)
}

function attachOf(schema: string, index: string, { source }: MigrationContext): SchemaObject | undefined {
  return source.objectByKey.get(objectKey('index attach', schema, index))
}

function tableOf(head: SchemaObject): ObjectKey | '' {
  return keyOf(head.table)
}

function keyOf(table: QualifiedName | undefined): ObjectKey | '' {
  return table === undefined ? '' : objectKey('table', table.schema, table.name)
}
