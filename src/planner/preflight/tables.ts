import { counted } from '../../core/counted.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { yamlWord } from '../../core/yaml-word.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'
import { fenceId, handoverFenceOf } from '../../migration/fence-record.js'
import type { ScopedTable } from '../../migration/scope.js'
import { servingSide } from '../current-stage.js'

/** Tables whose rows do not simply stream: keyless, unlogged, foreign, hidden by row security, or keyed by a generated column. */
export function checkTables(context: MigrationContext): readonly Diagnostic[] {
  const tables = context.scope.tables.flatMap((t) => checkTable(t, context))
  return [...tables, ...rowSecurity(context), ...largeObjects(context)]
}

/** Who has such rows depends on which side serves, and on whether the other one ever did. */
function copiedWhen(context: MigrationContext, reason: string): string {
  const { target, names, spec } = context
  if (servingSide(context) === 'target') {
    return spec.reverse.enabled
      ? `are copied inside the pause of a rollback, ${reason}; until then the source has them as they were at the cutover`
      : `were copied inside the pause of the cutover, ${reason}; the source has them as they were then`
  }
  const before = handoverFenceOf(target, names.lineage) === undefined ? '' : ', or those of an earlier cutover'
  return `are copied inside the pause of the cutover, ${reason}; until then the target holds none of them${before}`
}

function checkTable(scoped: ScopedTable, context: MigrationContext): readonly Diagnostic[] {
  const { source } = context
  const { table, route, because } = scoped
  const name = quoteQualified(table.schema, table.name)
  const subject = `table ${name}`
  const found: Diagnostic[] = []
  if (table.kind === 'foreign table') {
    found.push({
      severity: 'info',
      code: 'foreign-table',
      side: 'source',
      subject,
      message: `${name} is a foreign table: its definition moves, its rows stay where they are`,
      fix: 'See that the target can reach its server.',
    })
  }
  if (route === 'replicate-full') {
    found.push({
      severity: 'info',
      code: 'keyless-table',
      side: 'source',
      subject,
      ...keylessWords(scoped, name),
    })
  }
  if (route === 'copy-at-cutover') {
    const reason = because === undefined ? 'as the spec says' : `because ${because}`
    found.push({
      severity: because === undefined ? 'info' : 'warning',
      code: 'copied-at-cutover',
      side: 'source',
      subject,
      ...(because === undefined ? {} : { fix: wayToStream(scoped, name) }),
      message: `the rows of ${name} ${copiedWhen(context, reason)}`,
    })
  }
  const generated = table.columns.filter((c) => c.generated !== undefined && table.identityColumns.includes(c.name))
  if (route === 'replicate' && generated.length > 0) {
    const column = generated[0]?.name ?? ''
    found.push({
      severity: 'error',
      code: 'generated-identity',
      side: 'source',
      subject,
      message: `the key of ${name} holds the generated column ${quoteIdent(column)}, whose value is not published, so the target could not find the row`,
      fix: `Set keyless.tables: { ${yamlWord(name)}: copy_at_cutover } after giving the table REPLICA IDENTITY NOTHING, or exclude it.`,
    })
  }
  const identity = table.identityIndex === undefined ? undefined : source.indexByName(table.schema, table.identityIndex)
  if (identity?.valid === false) {
    found.push({
      severity: 'error',
      code: 'identity-invalid',
      side: 'source',
      subject,
      message: `the index ${quoteIdent(identity.name)} that identifies rows of ${name} is INVALID`,
      fix: `reindex index concurrently ${quoteQualified(table.schema, identity.name)};`,
    })
  }
  if (table.accessMethod !== 'heap' && table.accessMethod !== '' && table.kind === 'table') {
    found.push({
      severity: 'warning',
      code: 'access-method',
      side: 'source',
      subject,
      message: `${name} uses the access method ${table.accessMethod}, which the target must have`,
      fix: 'Install the extension that brings it on the target server.',
    })
  }
  return found
}

/** What would let the rows of a table stream whose route was not the user's choice. */
function wayToStream({ table }: ScopedTable, name: string): string {
  if (table.persistence !== 'unlogged' && table.identityColumns.length > 0 && table.replicaIdentity !== 'full') {
    return 'With engine: native it streams. Otherwise see that the copy fits into cutover.max_pause.'
  }
  return table.persistence === 'unlogged'
    ? `alter table ${name} set logged; and it streams. Otherwise see that the copy fits into cutover.max_pause.`
    : 'Give it a primary key and it streams. Otherwise see that the copy fits into cutover.max_pause.'
}

/** Row security hides rows silently: whoever reads for belt must be allowed to see them all (rule 1). */
function rowSecurity({ scope, source, target }: MigrationContext): readonly Diagnostic[] {
  const secured = scope.tables.filter((t) => t.route !== 'none' && t.table.rowSecurity)
  if (secured.length === 0) return []
  const names = secured.map((t) => quoteQualified(t.table.schema, t.table.name)).join(', ')
  const found: Diagnostic[] = []
  for (const { me, side } of [source, target]) {
    if (me.superuser || me.bypassRls) continue
    found.push({
      severity: 'error',
      code: 'row-security',
      side,
      message: `${names} ${secured.length === 1 ? 'has' : 'have'} row security, and ${me.name} on the ${side} has neither BYPASSRLS nor superuser: rows would be left out without an error`,
      fix: `alter role ${quoteIdent(me.name)} bypassrls; (as a superuser of the ${side})`,
    })
  }
  return found
}

/** They block everything unless the spec approves by name that they stay behind (rule 6); the fence asks for it again. */
function largeObjects({ source, spec }: MigrationContext): readonly Diagnostic[] {
  if (source.largeObjects === 0) return []
  const approved = spec.approve.some((a) => a.hazard === 'large-objects' && a.action === fenceId('source'))
  return [
    {
      severity: approved ? 'warning' : 'error',
      code: 'large-objects',
      side: 'source',
      message: `the source holds ${counted(source.largeObjects, 'large object')}; logical replication does not carry such, so they would be missing on the target`,
      fix: approved
        ? 'They stay behind, as approved.'
        : `Move them into bytea columns, remove those nobody refers to with vacuumlo, or approve that they stay behind: { hazard: large-objects, action: ${fenceId('source')}, … }`,
    },
  ]
}

/** Whoever gave a table REPLICA IDENTITY NOTHING may well have given it a primary key too. */
function keylessWords({ table }: ScopedTable, name: string): Pick<Diagnostic, 'message' | 'fix'> {
  const atCutover = `set keyless.tables: { ${yamlWord(name)}: copy_at_cutover }.`
  return table.replicaIdentity === 'nothing'
    ? {
        message: `${name} has REPLICA IDENTITY NOTHING; it gets REPLICA IDENTITY FULL`,
        fix: `If it has a primary key: alter table ${name} replica identity default; otherwise give it one, or ${atCutover}`,
      }
    : {
        message: `${name} has no primary key; it gets REPLICA IDENTITY FULL`,
        fix: `Give it a primary key, or ${atCutover}`,
      }
}
