import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import { providerOf } from '../../catalog/provider.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { restoreRoleSql, roleBeforeOf } from '../../migration/role-before.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { grantReadId, readTables } from '../rules/grant-read.js'
import type { GrantsBefore } from '../rules/grant-read.js'
import { replicationRoleId } from '../rules/replication-role.js'
import { ensure } from './step.js'
import type { Step } from './step.js'

/** Read access that belt gave its role. */
export function dropGrants(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const made = (context[side].records ?? []).some(
    (r) => r.lineage === context.names.lineage && r.action === `grants.${side}.replication`,
  )
  if (!made) return []
  const roleName = context.spec.roles.replication.name
  const role = quoteIdent(roleName)
  const had = grantsHad(context, side)
  // What belt never granted is not belt's to take: other tables in scope may be read by grants of somebody else's.
  const granted = readTables(context)
  const schemas = [...new Set(granted.map((t) => t.schema)), BELT_SCHEMA]
    .filter((schema) => !had.schemas.includes(schema))
    .map(quoteIdent)
    .join(', ')
  const list = granted
    .filter(({ schema, name }) => context[side].tableByName(schema, name)?.readers.includes(roleName) === true)
    .filter(({ schema, name }) => !had.tables.some((t) => t.schema === schema && t.name === name))
    .map((t) => quoteQualified(t.schema, t.name))
  const { lineage } = context.names
  const id = `grants.${side}.replication`
  if (context[side].roleByName(roleName) === undefined) return []
  // Another migration of this database uses the same role, and reads the same schemas.
  const shared = (context[side].records ?? []).some((r) => r.lineage !== lineage && r.action.startsWith('grants.'))
  return [
    ensure(side, actionId('drop', id), {
      title: `grants of ${role}`,
      sql: [
        ...(list.length === 0 ? [] : [`revoke select on table ${list.join(', ')} from ${role}`]),
        ...(shared
          ? []
          : [
              `revoke usage on schema ${schemas} from ${role}`,
              ...(had.connect
                ? []
                : [`revoke connect on database ${quoteIdent(context[side].database.name)} from ${role}`]),
            ]),
        `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(id)}`,
      ],
      after,
      wants: [{ is: 'record', lineage, action: id, there: false }],
    }),
  ]
}

/** By grants that are not belt's. */
function grantsHad(context: MigrationContext, side: Side): GrantsBefore & { readonly connect: boolean } {
  const { lineage } = context.names
  const before = context[side].recordOf(lineage, grantReadId(side))?.before
  const had = typeof before === 'object' && before !== null && 'tables' in before ? (before as GrantsBefore) : NOTHING
  const role = roleBeforeOf(context[side].recordOf(lineage, replicationRoleId(side)))
  return { ...had, connect: role?.connect === true }
}

const NOTHING: GrantsBefore = { schemas: [], tables: [] }

/** A role that was there before belt gets back what it had; while another migration uses it, it keeps what that needs. */
export function restoreRole(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const { names, spec } = context
  const catalog = context[side]
  const id = replicationRoleId(side)
  const role = catalog.roleByName(spec.roles.replication.name)
  const before = roleBeforeOf(catalog.recordOf(names.lineage, id))
  if (role === undefined || before === undefined || usedByOthers(context, side)) return []
  const sql = restoreRoleSql(role, before, providerOf(catalog)?.replicationRole)
  if (sql.length === 0) return []
  const forget = `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`
  return [
    ensure(side, actionId('restore', 'role', side, 'replication'), {
      operation: 'change',
      title: `role ${quoteIdent(role.name)}, as it was before belt`,
      sql: [...sql, forget],
      after,
      wants: [{ is: 'record', lineage: names.lineage, action: id, there: false }],
    }),
  ]
}

/** Another slot of belt's on that server, or another migration's grants in this database. */
function usedByOthers({ names, ...context }: MigrationContext, side: Side): boolean {
  const { slots, origins, records } = context[side]
  const own = new Set([names.forward.slot, names.reverse.slot])
  // One that another tool made serves all of its migrations on that server, whose slots and origins pglogical names so.
  const others = names.adopted === true ? /^(belt|pgl)_/ : /^belt_/
  const streams = [...slots, ...(names.adopted === true ? origins : [])]
  return (
    streams.some((s) => others.test(s.name) && !own.has(s.name)) ||
    (records ?? []).some((r) => r.lineage !== names.lineage && r.action.startsWith('grants.'))
  )
}

/**
 * Only a role that belt made, and only when no other slot of belt's is left on that server, no other migration of this
 * database uses it, and nothing here belongs to it: DROP OWNED would take that away too.
 */
export function dropRole(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const { names, spec } = context
  const { name } = spec.roles.replication
  const catalog = context[side]
  const made = catalog.recordOf(names.lineage, replicationRoleId(side))?.before === null
  if (!made || usedByOthers(context, side) || catalog.roleByName(name) === undefined) return []
  if ([...catalog.tables, ...catalog.schemas].some((object) => object.owner === name)) return []
  const role = quoteIdent(name)
  return [
    ensure(side, actionId('drop', 'role', side, 'replication'), {
      title: `role ${role}, which ${names.adopted === true ? 'pgbelt' : 'belt'} made`,
      sql: [`drop owned by ${role}`, `drop role ${role}`],
      after,
      wants: [{ is: 'role', name, there: false }],
    }),
  ]
}
