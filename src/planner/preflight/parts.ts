import type { Table } from '../../catalog/relations.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { parseQualified } from '../../core/qualified-name.js'
import { partText } from '../../core/table-part.js'
import type { TablePart } from '../../core/table-part.js'
import type { MigrationContext } from '../../migration/context.js'

/** From here on a publication has row filters and column lists, and a subscriber's own copy asks for them. */
const NATIVE_SINCE = 15

/** Tables of which the spec moves a part: what would be lost with it, refused by a server, or not be done at all. */
export function checkParts(context: MigrationContext): readonly Diagnostic[] {
  const parts = Object.entries(context.spec.scope.parts ?? {})
  return parts.length === 0
    ? []
    : [...versions(context), ...parts.flatMap(([relation, part]) => checkPart(context, relation, part))]
}

/** Names that no table has are found elsewhere (`table-unknown`). */
function checkPart(context: MigrationContext, relation: string, part: TablePart): readonly Diagnostic[] {
  const { scope, source } = context
  const named = parseQualified(relation)
  const table = named && source.tableByName(named.schema, named.name)
  if (table === undefined) return []
  const about = { side: 'source', subject: `table ${relation}` } as const
  const scoped = scope.tables.find((t) => t.table === table)
  if (scoped?.part === undefined) {
    return [{ ...about, severity: 'error', code: 'part-table', ...whyWhole(table, scoped?.because) }]
  }
  return [
    ...filterProblems(context, relation, part).map((d) => ({ ...about, ...d })),
    ...columnProblems(context, relation, table, part).map((d) => ({ ...about, ...d })),
    {
      ...about,
      severity: 'info',
      code: 'part-of-table',
      message: `only a part of ${relation} moves: ${partText(part)}`,
      fix: whatStays(part),
    },
  ]
}

type Problem = Pick<Diagnostic, 'severity' | 'code' | 'message'> & { readonly fix: string }

function whyWhole({ kind, schema, name }: Table, because: string | undefined): { message: string; fix: string } {
  const table = `${schema}.${name}`
  const message = `scope.tables names a part of ${table}, and only tables that stream by a key can move in part, or without one where operations are insert or truncate`
  if (kind === 'partitioned table') return { message, fix: 'Its rows are in its partitions: name those.' }
  const reason = because === undefined ? '' : `: ${because}`
  return { message: message + reason, fix: 'Let it move whole, or give it a primary key if it has none.' }
}

function filterProblems({ inspection }: MigrationContext, relation: string, { filter }: TablePart): readonly Problem[] {
  const refused = inspection.parts?.find((p) => p.relation === relation)?.refused
  if (filter === undefined || refused === undefined) return []
  return [
    {
      severity: 'error',
      code: 'part-filter',
      message: `the row filter of ${relation} cannot be asked of the columns of its key, which is all that a change of a row always carries: ${refused}`,
      fix: 'Write a condition on the columns of the primary key (or of the index that is its replica identity).',
    },
  ]
}

function columnProblems(
  { inspection }: MigrationContext,
  relation: string,
  table: Table,
  { columns }: TablePart,
): readonly Problem[] {
  if (columns === undefined) return []
  const tell = (names: readonly string[], says: string, fix: string): readonly Problem[] =>
    names.length === 0
      ? []
      : [
          {
            severity: 'error',
            code: 'part-columns',
            message: `the column list of ${relation} ${says}: ${names.join(', ')}`,
            fix,
          },
        ]
  const has = new Map(table.columns.map((c) => [c.name, c]))
  const withoutDefault = inspection.parts?.find((p) => p.relation === relation)?.withoutDefault ?? []
  return [
    ...tell(
      columns.filter((c) => !has.has(c)),
      'names what is no column of it',
      'Correct the name, or remove it.',
    ),
    ...tell(
      table.identityColumns.filter((c) => !columns.includes(c)),
      'lacks columns of its key',
      'Add them: rows are found by them.',
    ),
    ...tell(
      columns.filter((c) => has.get(c)?.generated !== undefined),
      'names generated columns',
      'Remove them: the target computes them itself.',
    ),
    ...tell(
      withoutDefault,
      'leaves out columns that are NOT NULL without a default',
      'Add them to the list: the target would refuse every row without them.',
    ),
  ]
}

function whatStays({ filter, columns, operations }: TablePart): string {
  const rows =
    filter === undefined
      ? []
      : [
          'Other rows stay on the source, also through a cutover and a rollback; a row outside the filter on the target stops a rollback until it is deleted there. A TRUNCATE on the target is not carried back.',
        ]
  const values =
    columns === undefined
      ? []
      : [
          'Other columns hold their defaults on the target; what is written to them there does not come back in a rollback.',
        ]
  const changes =
    operations === undefined
      ? []
      : ['Whoever makes another kind of change is found by the comparison, which keeps a handover from beginning.']
  return [...rows, ...values, ...changes].join(' ')
}

function versions({ carriers, spec, source, target }: MigrationContext): readonly Diagnostic[] {
  const isNarrowed = Object.values(spec.scope.parts ?? {}).some((p) => (p.filter ?? p.columns) !== undefined)
  if (!isNarrowed) return []
  const publishers = [
    ...(carriers.forward === 'native' ? [source, target] : []),
    ...(spec.reverse.enabled && carriers.reverse === 'native' ? [target] : []),
  ]
  const old = [...new Set(publishers)].filter((c) => c.server.major < NATIVE_SINCE)
  return old.map(({ side, server }): Diagnostic => ({
    severity: 'error',
    code: 'part-version',
    side,
    message: `row filters and column lists of publications need Postgres ${String(NATIVE_SINCE)}, and the ${side} is ${String(server.major)}`,
    fix: 'Use engine: pglogical where both servers have it, or let those tables move whole.',
  }))
}
