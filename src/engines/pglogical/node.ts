import type { Action } from '../../actions/action.js'
import type { ActionId, SecretUse } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import { quoteLiteral } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { dial } from '../conninfo.js'
import { nodeId } from './ids.js'

/**
 * The node of one database. A side that subscribes dials itself by its node's own DSN to write copied rows, as a user who
 * may silence triggers: belt's login there, whose password then stands in pglogical's catalog. A side that only
 * publishes is never dialled by that DSN, so it holds no password.
 */
export function nodeAction(
  context: MigrationContext,
  side: Side,
  subscribes: boolean,
  after: readonly ActionId[],
): Action {
  const { spec, names } = context
  const name = names.nodes[side]
  const { admin } = spec[side]
  const { dsn, secrets } = localDsn(context, side, subscribes)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: nodeId(side),
    side,
    phase: 'replication',
    operation: 'create',
    title: `node ${name}`,
    ...(subscribes
      ? {
          note: `pglogical on the ${side} logs in to its own database as ${admin.user} to write copied rows; it keeps the password in clear in pglogical.node_interface, where superusers can read it.`,
        }
      : {}),
    sql: [`select pglogical.create_node(node_name := ${quoteLiteral(name)}, dsn := '${dsn}')`],
    after,
    reads: [factKey(side, `node ${name}`)],
    secrets,
    undo: `select pglogical.drop_node(node_name := ${quoteLiteral(name)})`,
    specPath: `${side}.reachable_at`,
    wants: [{ is: 'node', name, there: true }],
  }
}

/** How pglogical dials the database that it is in, and what of it stands as a placeholder. */
export function localDsn(
  context: MigrationContext,
  side: Side,
  subscribes: boolean,
): { readonly dsn: string; readonly secrets: readonly SecretUse[] } {
  const { spec } = context
  const { admin } = spec[side]
  const user = subscribes ? admin.user : spec.roles.replication.name
  const dsn = dial(context, side, user)
  if (!subscribes || admin.password === undefined) return { dsn, secrets: [] }
  const path = `${side}.admin.password`
  const placeholder = `\${secret:${path}}`
  return {
    dsn: `${dsn} password=${placeholder}`,
    secrets: [{ placeholder, source: { from: 'spec', path }, as: 'conninfo' }],
  }
}
