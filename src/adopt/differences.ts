import { quoteIdent, quoteQualified } from '../core/quote.js'
import { SIDES } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { missingTables } from './check-sets.js'

/** What pgbelt made otherwise than belt would have, and what becomes of it. */
export function differences(context: MigrationContext, full: boolean): readonly string[] {
  return [
    ...tables(context),
    ...wayBack(context),
    ...rowSecurity(context),
    ...logins(context),
    ...role(context),
    full
      ? `Extension pglogical and role ${quoteIdent(context.spec.roles.replication.name)}: taken for pgbelt's own; belt drops them at the end of the migration (absent, finalized).`
      : `Extension pglogical and role ${quoteIdent(context.spec.roles.replication.name)} stay at the end of the migration, for nobody knows who made them; --full makes belt drop them too.`,
    'Schema: pgbelt leaves out grants, and indexes and NOT VALID constraints until it is told; belt makes what is missing.',
  ]
}

function tables(context: MigrationContext): readonly string[] {
  const missing = missingTables(context).map((t) => quoteQualified(t.schema, t.name))
  if (missing.length === 0) return []
  const { publication } = context.names.forward
  return [
    `Not in set ${publication}, though the spec has them in scope: ${missing.join(', ')}. belt adds them and copies just these.`,
  ]
}

function wayBack({ source, names }: MigrationContext): readonly string[] {
  const { subscription } = names.reverse
  if (source.subscriptionByName(subscription) === undefined) return []
  return [
    `Subscription ${subscription} feeds the source already: whatever somebody writes on the target reaches the source. belt takes it away now and makes it again just before the pause.`,
  ]
}

/** Rule 1: a copy by somebody who may not see every row is short, and nobody says so. */
function rowSecurity({ source, scope, spec }: MigrationContext): readonly string[] {
  const role = source.roleByName(spec.roles.replication.name)
  if (role === undefined || role.superuser || role.bypassRls) return []
  const guarded = scope.tables.filter((t) => t.route !== 'none' && t.table.rowSecurity)
  if (guarded.length === 0) return []
  const names = guarded.map(({ table }) => quoteQualified(table.schema, table.name)).join(', ')
  return [
    `Row security of ${names}: role ${quoteIdent(role.name)} may not pass it, so pgbelt's copy can lack rows. The row counts on the way to replicating and belt verify will say.`,
  ]
}

/** As pgbelt's revoke-logins leaves them: belt would carry that to the target. */
function logins({ source, spec }: MigrationContext): readonly string[] {
  const closed = spec.roles.copy.filter((name) => source.roleByName(name)?.login === false)
  if (closed.length === 0) return []
  return [
    `${closed.map(quoteIdent).join(', ')} may not log in on the source. If pgbelt's revoke-logins did that, run its restore-logins first: belt copies roles as they are.`,
  ]
}

function role({ spec, ...sides }: MigrationContext): readonly string[] {
  const { name } = spec.roles.replication
  const found = SIDES.filter((side) => sides[side].roleByName(name)?.superuser === true)
  if (found.length === 0) return []
  return [
    `Role ${quoteIdent(name)} is a superuser on the ${found.join(' and the ')}: pgbelt makes it so, belt would not. As node pg2 it writes the copied rows on the target, so leave it until the end.`,
  ]
}
