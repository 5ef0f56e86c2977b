import type { IndexedCatalog } from '../../catalog/indexed.js'
import { compareText } from '../../core/diagnostic.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { roleAttributes } from '../../migration/role-attributes.js'
import { grantMembership, maySetRole } from './act-as.js'

/**
 * An admin who is no superuser makes tables only in schemas in which it may create, and gives them only to owners who
 * may: from 15 nobody but the owner of the database may in schema public. Schemas that the target lacks come with their
 * grants, before their tables.
 */
export function checkSchemaPrivileges(context: MigrationContext): readonly Diagnostic[] {
  const { source, target, scope } = context
  if (target.me.superuser) return []
  const missing = scope.tables
    .map((t) => t.table)
    .filter((t) => target.tableByName(t.schema, t.name) === undefined)
    .filter((t) => target.schemas.some((s) => s.name === t.schema))
  const pairs = missing.flatMap((t) => [target.me.name, t.owner].map((role) => JSON.stringify([t.schema, role])))
  return [
    ...strangers(
      target,
      missing.map((t) => t.owner),
    ),
    ...cannotCreate(source, target, pairs),
  ]
}

/** Roles that stand on the target already; one that belt makes is granted to its login there and then. */
function strangers(target: IndexedCatalog, owners: readonly string[]): readonly Diagnostic[] {
  const { me, roleByName } = target
  return [...new Set(owners)]
    .sort(compareText)
    .filter((owner) => roleByName(owner) !== undefined && !maySetRole(target, owner))
    .map((owner) => ({
      severity: 'error',
      code: 'owner-privilege',
      side: 'target',
      subject: `role ${quoteIdent(owner)}`,
      message: `${me.name} may not act as ${owner} on the target, so it cannot give it the tables it owns on the source`,
      fix: grantMembership(target, owner),
    }))
}

function cannotCreate(source: IndexedCatalog, target: IndexedCatalog, pairs: readonly string[]): readonly Diagnostic[] {
  return [...new Set(pairs)]
    .sort(compareText)
    .map((pair) => JSON.parse(pair) as readonly [string, string])
    .filter(([schema, role]) => !mayCreate(target, schema, role))
    .map(([schema, role]): Diagnostic => ({
      severity: 'error',
      code: 'schema-privilege',
      side: 'target',
      subject: `schema ${quoteIdent(schema)}`,
      message:
        role === target.me.name
          ? `${role} may not create in schema ${quoteIdent(schema)} on the target`
          : `${role} owns tables in schema ${quoteIdent(schema)} and may not create there on the target, so that ${target.me.name} could not give it these tables`,
      fix: exists(target, role)
        ? `grant create on schema ${quoteIdent(schema)} to ${quoteIdent(role)};`
        : // It is then there already, so nothing else makes it as it is on the source.
          `create role ${quoteIdent(role)}${asOnSource(source, role)}; grant create on schema ${quoteIdent(schema)} to ${quoteIdent(role)}; grant ${quoteIdent(role)} to ${quoteIdent(target.me.name)}; or use a superuser as target.admin.`,
    }))
}

function asOnSource({ roleByName }: IndexedCatalog, name: string): string {
  const role = roleByName(name)
  return role === undefined ? '' : ` with ${roleAttributes(role).join(' ')}`
}

function exists(target: IndexedCatalog, role: string): boolean {
  return target.roleByName(role) !== undefined
}

function mayCreate(target: IndexedCatalog, schema: string, role: string): boolean {
  const create = target.schemas.find((s) => s.name === schema)?.create
  if (create === undefined || target.roleByName(role)?.superuser === true) return true
  const found = ['', role]
  for (const name of found) {
    // pg_database_owner has one member, which no catalog lists.
    const implicit = name === target.database.owner ? ['pg_database_owner'] : []
    const granted = target.roleByName(name)?.memberOf.map((m) => m.role) ?? []
    found.push(...[...implicit, ...granted].filter((r) => !found.includes(r)))
  }
  return found.some((name) => create.includes(name))
}
