import type { PglogicalInterface } from '../catalog/pglogical.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'

/** Both databases are the nodes that pgbelt makes, and nobody can be meant but each other. */
export function checkNodes(context: MigrationContext): readonly Diagnostic[] {
  const { nodes } = context.names
  const [source, target] = SIDES.map((side) => context[side].pglogical?.localNode?.name)
  if (source === nodes.target && target === nodes.source) {
    return [
      {
        severity: 'error',
        code: 'adopt-swapped',
        message: `the source of the spec is pgbelt's ${nodes.target} and the target its ${nodes.source}: that migration goes the other way`,
        fix: 'Exchange source and target in the spec.',
      },
    ]
  }
  return SIDES.flatMap((side) => checkNode(context, side))
}

function checkNode(context: MigrationContext, side: Side): readonly Diagnostic[] {
  const { pglogical } = context[side]
  const wanted = context.names.nodes[side]
  if (pglogical === undefined || (pglogical.readable && pglogical.localNode === undefined)) {
    return [
      {
        severity: 'error',
        code: 'adopt-node',
        side,
        message: `the database of the ${side} is no node of pglogical, so pgbelt replicates nothing here`,
        fix: 'Look whether the spec names the databases of pgbelt’s configuration; else begin with belt plan.',
      },
    ]
  }
  // Told by the preflight of every plan.
  if (!pglogical.readable) return []
  const { localNode } = pglogical
  if (localNode?.name !== wanted) {
    return [
      {
        severity: 'error',
        code: 'adopt-node',
        side,
        subject: `node ${localNode?.name ?? ''}`,
        message: `the database of the ${side} is node ${localNode?.name ?? ''}, and pgbelt calls that of a ${side} ${wanted}`,
        fix: 'Only what pgbelt made under its own names can be taken over.',
      },
    ]
  }
  return localNode.interfaces.flatMap((i) => pointsElsewhere(context, side, i, `node ${wanted}`, side))
}

/**
 * Where a connection of pglogical leads must be where the spec says the servers reach that side: from then on belt dials
 * the same way.
 */
export function pointsElsewhere(
  { spec, ...catalogs }: MigrationContext,
  to: Side,
  { host, port, database, user }: Omit<PglogicalInterface, 'name'>,
  what: string,
  on: Side,
): readonly Diagnostic[] {
  const { reachableAt } = spec[to]
  const role = spec.roles.replication.name
  const hosts: readonly string[] = [reachableAt.host, spec[to].host]
  const wrong = [
    ...(hosts.includes(host) ? [] : [`host ${host} and not ${reachableAt.host}`]),
    ...(port === String(reachableAt.port) ? [] : [`port ${port} and not ${String(reachableAt.port)}`]),
    ...(database === catalogs[to].database.name ? [] : [`database ${database} and not ${catalogs[to].database.name}`]),
    ...(user === role ? [] : [`user ${user} and not ${role}`]),
  ]
  if (wrong.length === 0) return []
  return [
    {
      severity: 'error',
      code: 'adopt-points-elsewhere',
      side: on,
      subject: what,
      message: `${what} on the ${on} connects to ${wrong.join(', ')} as the spec has it for the ${to}`,
      fix: `If it is the same server, say so in the spec (${to}.reachable_at, roles.replication.name); if not, it is another migration.`,
    },
  ]
}
