import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteQualified } from '../../core/quote.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'
import { meantTable } from '../../spec/similar-tables.js'
import { matchesPattern } from '../../spec/table-pattern.js'
import { isUnproven } from '../schema/late-constraint.js'

/** Objects in scope that point outside it, and statements of the dump that belt cannot place. */
export function checkScope(context: MigrationContext): readonly Diagnostic[] {
  const { source, scope, spec } = context
  const found: Diagnostic[] = []
  for (const name of spec.scope.schemas) {
    if (source.schemas.some((s) => s.name === name)) continue
    const at = spec.positions['scope.schemas']
    found.push({
      severity: 'error',
      code: 'schema-unknown',
      side: 'source',
      subject: `schema ${name}`,
      message: `scope.schemas names ${name}, which does not exist on the source`,
      fix: 'Remove it or correct its name.',
      ...(at === undefined ? {} : { at }),
    })
  }
  found.push(...rowsOfUnknownTables(context))
  for (const object of source.script.objects) {
    if (!scope.includesObject(object)) continue
    const references = object.constraint?.references
    if (references !== undefined && scope.routeOf(references.schema, references.name) === undefined) {
      found.push({
        severity: 'warning',
        code: 'foreign-key-outside',
        side: 'source',
        subject: object.key,
        message: `${object.key} refers to ${quoteQualified(references.schema, references.name)}, which is out of scope; it is left out on the target`,
        fix: 'Take that table into scope, or accept that the target does not check it.',
      })
    }
    if (isUnproven(object, context)) {
      const left = object.constraint?.notValid !== true && object.notValidVariant === undefined
      found.push({
        severity: 'warning',
        code: 'foreign-key-unproven',
        side: 'source',
        subject: object.key,
        message: `${object.key} refers to ${references === undefined ? 'a table' : quoteQualified(references.schema, references.name)}, whose rows do not ${isFiltered(context, references) ? 'all move' : 'move'}; ${left ? 'it is left out on the target' : 'the cutover makes it NOT VALID on the target, so that it holds for new rows only'}`,
        fix: 'Let the rows of that table move too, or bring them to the target before the cutover, and validate or make the foreign key by hand afterwards.',
      })
    }
    if (object.kind === 'security label') {
      found.push({
        severity: 'warning',
        code: 'security-label',
        side: 'source',
        subject: object.key,
        message: `${object.key}: security labels are not carried over, because their providers differ between servers`,
        fix: 'Set it on the target by hand.',
      })
    }
    if (object.kind === 'unknown') {
      found.push({
        severity: 'error',
        code: 'object-unknown',
        side: 'source',
        subject: object.key,
        message: `belt does not understand a statement of the schema dump: ${object.problem ?? object.statements[0]?.slice(0, 80) ?? ''}`,
        fix: 'Create it on the target by hand after excluding it, and report this to the belt project.',
      })
    }
  }
  return [...found, ...outsideUses(context)]
}

function isFiltered({ scope }: MigrationContext, table: QualifiedName | undefined): boolean {
  return table !== undefined && scope.partOf(table.schema, table.name)?.filter !== undefined
}

/** A name in `with_rows` that no table has: its rows are awaited on the target, and none would come. */
function rowsOfUnknownTables({ scope, spec }: MigrationContext): readonly Diagnostic[] {
  return (spec.scope.tablesWithRows ?? []).flatMap((pattern, index): readonly Diagnostic[] => {
    if (scope.tables.some(({ table }) => matchesPattern(pattern, table.schema, table.name))) return []
    const meant = meantTable(
      pattern,
      scope.tables.map(({ table }) => table),
    )
    const at = spec.positions[`scope.tables.with_rows.${String(index)}`]
    return [
      {
        severity: 'error',
        code: 'table-unknown',
        side: 'source',
        message: `scope.tables.with_rows names ${pattern}, and no table in scope on the source is called so${meant}`,
        fix: 'Correct the name, or remove it.',
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}

/** Views, functions of triggers and defaults that need something the scope leaves behind. */
function outsideUses({ source, scope }: MigrationContext): readonly Diagnostic[] {
  return source.viewUses
    .filter((v) => scope.includesSchema(v.schema))
    .flatMap((v) =>
      v.uses
        .filter(
          (u) => source.tableByName(u.schema, u.name) !== undefined && scope.routeOf(u.schema, u.name) === undefined,
        )
        .map((u): Diagnostic => ({
          severity: 'error',
          code: 'view-outside',
          side: 'source',
          subject: `view ${quoteQualified(v.schema, v.name)}`,
          message: `view ${quoteQualified(v.schema, v.name)} reads ${quoteQualified(u.schema, u.name)}, which is out of scope, so it cannot be made on the target`,
          fix: `Exclude the view too, or take ${quoteQualified(u.schema, u.name)} into scope (scope.tables.schema_only moves its structure alone).`,
        })),
    )
}
