import type { Diagnostic } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/nearest-words.js'
import type { TablePart } from '../../core/table-part.js'
import type { MigrationContext } from '../../migration/context.js'
import { meantTable } from '../../spec/similar-tables.js'
import { covers, matchesPattern, parsePattern } from '../../spec/table-pattern.js'

/** Names of tables in the spec that nothing is called by: what they ask for would silently not be done. */
export function checkUnknownTables(context: MigrationContext): readonly Diagnostic[] {
  const { scope } = context.spec
  return [
    ...tables(context, 'scope.tables.exclude', scope.excludeTables),
    ...tables(context, 'scope.tables.schema_only', scope.schemaOnlyTables),
    ...tables(context, 'keyless.tables', Object.keys(context.spec.keyless.tables)),
    ...tables(context, 'scope.tables.row_filters', namesWith(context, 'filter')),
    ...tables(context, 'scope.tables.column_lists', namesWith(context, 'columns')),
    ...tables(context, 'scope.tables.operations', namesWith(context, 'operations')),
  ]
}

function namesWith({ spec }: MigrationContext, what: keyof TablePart): readonly string[] {
  return Object.entries(spec.scope.parts ?? {}).flatMap(([table, part]) => (part[what] === undefined ? [] : [table]))
}

/** The same of roles that a fence spares: they would be kept out. */
export function checkUnknownRoles(context: MigrationContext): readonly Diagnostic[] {
  return [
    ...roles(context, 'cutover.except_roles', context.spec.cutover.exceptRoles),
    ...roles(context, 'target.preview_roles', context.spec.target.previewRoles),
  ]
}

function tables({ source, target, spec }: MigrationContext, path: string, patterns: readonly string[]): Diagnostic[] {
  // Views are excluded by the same patterns.
  const relations = [source, target].flatMap((c) => [
    ...c.tables,
    ...c.script.objects.flatMap(({ schema, name }) => (schema === undefined ? [] : [{ schema, name }])),
  ])
  return patterns.flatMap((pattern, index): Diagnostic[] => {
    if (relations.some((t) => matchesPattern(pattern, t.schema, t.name))) return []
    const parsed = parsePattern(pattern)
    const isPattern = parsed !== undefined && [parsed.schema, parsed.name].some((pieces) => pieces.length > 1)
    // Tables of extensions are in no catalog of belt's, and never in scope: excluding one does no harm.
    const ofExtension =
      path === 'scope.tables.exclude' &&
      parsed !== undefined &&
      source.extensions.some((e) => covers(parsed.schema, e.schema))
    const at = spec.positions[`${path}.${String(index)}`] ?? spec.positions[path]
    return [
      {
        severity: isPattern || ofExtension ? 'warning' : 'error',
        code: 'table-unknown',
        side: 'source',
        message: `${path} names ${pattern}, and no table on the source is called so${meantTable(pattern, source.tables)}`,
        fix: 'Correct the name, or remove it.',
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}

function roles({ source, target, spec }: MigrationContext, path: string, names: readonly string[]): Diagnostic[] {
  const known = new Set([...source.roles, ...target.roles].map((r) => r.name))
  return names.flatMap((name, index): Diagnostic[] => {
    if (known.has(name)) return []
    const at = spec.positions[`${path}.${String(index)}`] ?? spec.positions[path]
    return [
      {
        severity: 'error',
        code: 'role-unknown',
        subject: `role ${name}`,
        message: `${path} names ${name}, which exists on neither side${didYouMean(name, known)}`,
        fix: 'Remove it or correct its name.',
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}
