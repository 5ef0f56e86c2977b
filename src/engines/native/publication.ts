import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { holdsSet } from '../../actions/published.js'
import type { WantedSet } from '../../actions/published.js'
import { factKey, rowSecurityFact } from '../../catalog/facts.js'
import type { PublishedTable } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { publicationId } from '../ids.js'
import { conditionSql, partNote, recordPartSql } from '../parts.js'
import { withMarker } from '../published-tables.js'
import { isSubscribed, setsOf } from '../sets.js'
import type { PublishedSet } from '../sets.js'

/** The publications of one side, with every table they lack. */
export function publicationActions(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Action[] {
  return setsOf(context, publisher).map((set) => publicationAction(context, publisher, set, after))
}

function publicationAction(
  context: MigrationContext,
  publisher: Side,
  set: PublishedSet,
  after: readonly ActionId[],
): Action {
  const { names } = context
  const { name: publication, tables, operations } = set
  const name = quoteIdent(publication)
  const there = context[publisher].publicationByName(publication)
  const isInParts = tables.some((t) => t.part !== undefined)
  const parts: WantedSet = { tables, ...(isInParts ? { lineage: names.lineage } : {}) }
  const exact: WantedSet = { ...parts, exactly: operations }
  // An earlier handover may have left one: of another part, of other kinds of change, with tables that are elsewhere now.
  const anew = there !== undefined && !isSubscribed(context, publisher) && !holdsSet(there, exact, context[publisher])
  const existing = anew ? undefined : there
  const has = new Set(existing?.tables.map((t) => quoteQualified(t.schema, t.name)))
  const lacking = tables.filter((t) => !has.has(quoteQualified(t.schema, t.name)))
  const missing = lacking.map((t) => (hasHeirs(context, t) ? 'only ' : '') + publishedSql(t))
  const sql = existing
    ? [`alter publication ${name} add table ${missing.join(', ')}`]
    : [
        ...(anew ? [`drop publication ${name}`] : []),
        `create publication ${name} for table ${missing.join(', ')} with (publish = '${operations.join(', ')}')`,
        `comment on publication ${name} is ${quoteLiteral(`belt ${context.spec.name} ${names.lineage}`)}`,
      ]
  const noted = lacking.flatMap((t) => recordPartSql(names.lineage, publisher, t, printedInPublication(publication, t)))
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-publication',
    id: publicationId(publisher, set),
    side: publisher,
    phase: 'replication',
    operation: there ? 'change' : 'create',
    title: existing
      ? `publication ${name}: add ${counted(missing.length, 'table')}`
      : `publication ${name} (${withMarker(tables)})${anew ? ', made anew' : ''}`,
    ...partNote(lacking),
    sql: [...sql, ...noted],
    after: [...after],
    reads: [
      factKey(publisher, `publication ${publication}`),
      ...tables
        .filter((t) => t.schema !== BELT_SCHEMA)
        .map((t) => factKey(publisher, `table ${quoteQualified(t.schema, t.name)}`)),
      ...tables
        .filter((t) => t.schema !== BELT_SCHEMA)
        .map((t) => factKey(publisher, rowSecurityFact(t.schema, t.name))),
    ],
    // What reads and writes rows goes on; VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY and ALTER TABLE wait.
    locks: lacking
      .filter((t) => t.schema !== BELT_SCHEMA)
      .map((t) => ({ mode: 'SHARE UPDATE EXCLUSIVE', relation: quoteQualified(t.schema, t.name) })),
    timeouts: BRIEF_LOCK,
    undo: `drop publication ${name}`,
    publication,
    ...(anew ? exact : parts),
  }
}

function publishedSql({ schema, name, part }: PublishedTable): string {
  const columns = part?.columns === undefined ? '' : ` (${part.columns.map(quoteIdent).join(', ')})`
  return `${quoteQualified(schema, name)}${columns}${part?.filter === undefined ? '' : ` where ${conditionSql(part.filter)}`}`
}

function printedInPublication(publication: string, { schema, name }: QualifiedName): string {
  return `select pg_catalog.pg_get_expr(r.prqual, r.prrelid) from pg_catalog.pg_publication_rel as r join pg_catalog.pg_publication as p on p.oid = r.prpubid where p.pubname = ${quoteLiteral(publication)} and r.prrelid = ${quoteLiteral(quoteQualified(schema, name))}::pg_catalog.regclass`
}

/** Without ONLY a publication takes in every table that inherits from one it lists, those out of scope included. */
function hasHeirs({ source }: MigrationContext, { schema, name }: QualifiedName): boolean {
  return source.tables.some((t) => t.parents.some((p) => p.schema === schema && p.name === name))
}
