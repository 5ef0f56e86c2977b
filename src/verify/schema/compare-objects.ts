import type { IndexedCatalog } from '../../catalog/indexed.js'
import { objectKey } from '../../catalog/object-key.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/** Objects of the source that the target lacks, and in-scope objects of the target that the source does not have. */
export function compareObjects(input: SchemaInput): readonly SchemaFinding[] {
  const { source, target } = input
  const only = (here: IndexedCatalog, there: IndexedCatalog, problem: string): readonly SchemaFinding[] => [
    ...scriptOnly(input, here, there).map((what): SchemaFinding => ({ area: 'object', what, problem })),
    ...partsOnly(input, here, there).map((what): SchemaFinding => ({ area: 'object', what, problem })),
  ]
  return [...only(source, target, 'is not on the target'), ...only(target, source, 'is only on the target')]
}

function scriptOnly({ includesObject }: SchemaInput, here: IndexedCatalog, there: IndexedCatalog): readonly string[] {
  return here.script.objects
    .filter((o) => {
      // What is compared on its own, and security labels, which stay behind.
      if (['grant', 'security label', 'trigger enablement', 'sequence'].includes(o.kind)) return false
      // pg_dump writes a valid check inside its table and another one apart, and no INVALID index: see partsOnly.
      if ((o.kind === 'index' || o.kind === 'constraint') && o.table !== undefined) return false
      return includesObject(o) && !there.objectByKey.has(o.key)
    })
    .map((o) => o.key)
}

/** Indexes and constraints. NOT NULL is a constraint from 18 on only, and a property of the column everywhere. */
function partsOnly({ includes }: SchemaInput, here: IndexedCatalog, there: IndexedCatalog): readonly string[] {
  const missing = (schema: string, table: string): boolean =>
    includes(schema, table) &&
    (there.tableByName(schema, table) !== undefined || here.tableByName(schema, table) === undefined)
  const indexes = here.indexes
    .filter(
      (i) =>
        i.constraint === undefined && missing(i.schema, i.table) && there.indexByName(i.schema, i.name) === undefined,
    )
    .map((i) => objectKey('index', i.schema, i.name))
  const constraints = here.constraints
    .filter((c) => c.type !== 'not null' && c.type !== 'trigger' && missing(c.schema, c.table))
    .filter((c) => there.constraintByName(c.schema, c.table, c.name) === undefined)
    .map((c) => objectKey('constraint', c.schema, c.table, c.name))
  return [...indexes, ...constraints]
}
