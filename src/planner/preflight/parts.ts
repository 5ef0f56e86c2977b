import type { Table } from '../../catalog/relations.js'
import type { PartProbe } from '../../catalog/part-probe.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { parseQualified } from '../../core/qualified-name.js'
import { quoteQualified } from '../../core/quote.js'
import { partText } from '../../core/table-part.js'
import type { TablePart } from '../../core/table-part.js'
import type { MigrationContext } from '../../migration/context.js'
import type { ScopedTable } from '../../migration/scope.js'

/** From here on a publication has row filters and column lists, and a subscriber's own copy asks for them. */
const NATIVE_SINCE = 15

/** Tables of which the spec moves a part: what would be lost with it, refused by a server, or not be done at all. */
export function checkParts(context: MigrationContext): readonly Diagnostic[] {
  const parts = Object.entries(context.spec.scope.parts ?? {})
  const facts: Facts = {
    scoped: new Map(context.scope.tables.map((t) => [quoteQualified(t.table.schema, t.table.name), t])),
    probes: new Map((context.inspection.parts ?? []).map((p) => [p.relation, p])),
  }
  return parts.length === 0
    ? []
    : [
        ...versions(context),
        ...siblings(context),
        ...parts.flatMap(([relation, part]) => checkPart(context, relation, part, facts)),
      ]
}

/** Found once for all parts. */
interface Facts {
  readonly scoped: ReadonlyMap<string, ScopedTable>
  readonly probes: ReadonlyMap<string, PartProbe>
}

/** A partition without a filter, perhaps made later, beside others that have one: its rows move whole. */
function siblings({ scope }: MigrationContext): readonly Diagnostic[] {
  const filtered = new Map(
    scope.tables
      .filter((t) => t.part?.filter !== undefined)
      .flatMap(({ table }) => table.parents.map((p) => [quoteQualified(p.schema, p.name), table] as const)),
  )
  return scope.tables
    .filter((t) => t.route !== 'none' && t.table.isPartition && t.part?.filter === undefined)
    .flatMap(({ table }): readonly Diagnostic[] => {
      const sibling = table.parents
        .map((p) => filtered.get(quoteQualified(p.schema, p.name)))
        .find((s) => s !== undefined)
      if (sibling === undefined) return []
      const relation = quoteQualified(table.schema, table.name)
      return [
        {
          severity: 'warning',
          code: 'part-siblings',
          side: 'source',
          subject: `table ${relation}`,
          message: `${relation} moves whole, and only rows that fit a filter of ${quoteQualified(sibling.schema, sibling.name)}, a partition beside it`,
          fix: 'Give it a filter too, if rows of it are meant to stay behind.',
        },
      ]
    })
}

/** Names that no table has are found elsewhere (`table-unknown`). */
function checkPart(
  { source }: MigrationContext,
  relation: string,
  part: TablePart,
  { scoped: tables, probes }: Facts,
): readonly Diagnostic[] {
  const named = parseQualified(relation)
  const table = named && source.tableByName(named.schema, named.name)
  if (table === undefined) return []
  const about = { side: 'source', subject: `table ${relation}` } as const
  const scoped = tables.get(relation)
  const probe = probes.get(relation)
  if (scoped?.part === undefined) {
    return [{ ...about, severity: 'error', code: 'part-table', ...whyWhole(table, scoped?.because) }]
  }
  return [
    ...filterProblems(relation, part, probe).map((d) => ({ ...about, ...d })),
    ...columnProblems(relation, table, part, probe).map((d) => ({ ...about, ...d })),
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

function filterProblems(relation: string, { filter }: TablePart, probe: PartProbe | undefined): readonly Problem[] {
  const refused = probe?.refused
  if (filter === undefined || refused === undefined) return []
  return [
    {
      severity: 'error',
      code: 'part-filter',
      message: `the row filter of ${relation} cannot be published: ${refused}`,
      fix: 'Write one condition on the columns of the primary key (or of the index that is its replica identity) with immutable functions: of other columns an UPDATE or DELETE carries no old values.',
    },
  ]
}

function columnProblems(
  relation: string,
  table: Table,
  { columns }: TablePart,
  probe: PartProbe | undefined,
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
  const withoutDefault = probe?.withoutDefault ?? []
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
          'Other columns hold their defaults on the target; what is written to them there does not come back in a rollback, and a row that is deleted and inserted again there comes back with defaults.',
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
