import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Column, Table } from '../../catalog/relations.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'

/**
 * How the columns and checks of a table differ between the sides, as the catalogs say it. Unlike the text of a dump,
 * names and types of columns and names of checks read the same on every major, so such a difference is certain.
 */
export function tableDifferences(table: SchemaObject, { source, target }: MigrationContext): readonly string[] {
  const mine = source.tableByName(table.schema ?? '', table.name)
  const there = target.tableByName(table.schema ?? '', table.name)
  if (!mine || !there) return []
  const theirs = new Map(there.columns.map((c) => [c.name, c]))
  const known = new Set(mine.columns.map((c) => c.name))
  return [
    ...mine.columns.flatMap((column) => differences(column, theirs.get(column.name))),
    ...there.columns.filter((c) => !known.has(c.name)).map((c) => `column ${quoteIdent(c.name)} is only on the target`),
    ...missingChecks(mine, source, target),
  ]
}

/** A valid check is part of the table's own statement, so nothing else would make it on a table that is there. */
function missingChecks({ schema, name }: Table, source: IndexedCatalog, target: IndexedCatalog): readonly string[] {
  return source.constraints
    .filter((c) => c.schema === schema && c.table === name && c.type === 'check' && c.validated && !c.inherited)
    .filter((c) => target.constraintByName(schema, name, c.name) === undefined)
    .map((c) => `check ${quoteIdent(c.name)} is missing on the target`)
}

function differences(mine: Column, there: Column | undefined): readonly string[] {
  const name = `column ${quoteIdent(mine.name)}`
  if (there === undefined) return [`${name} is missing on the target`]
  if (mine.type !== there.type) return [`${name} is ${mine.type} on the source and ${there.type} on the target`]
  if (mine.generated !== there.generated) {
    return [`${name} is ${generated(mine)} on the source and ${generated(there)} on the target`]
  }
  // A column may allow more on the target: a NOT NULL there that the source lacks would refuse rows.
  return !mine.notNull && there.notNull ? [`${name} is NOT NULL on the target only`] : []
}

function generated({ generated: kind }: Column): string {
  return kind === undefined ? 'not generated' : `generated (${kind})`
}
