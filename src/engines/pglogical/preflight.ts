import { isProviderAdmin, waysToSet } from '../../catalog/provider.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { cannotSubscribe, pglogicalVersion } from '../../migration/carriers.js'
import type { MigrationContext } from '../../migration/context.js'
import { checkOrigins } from '../native/preflight-subscriber.js'
import { inRecovery } from '../native/preflight.js'
import { limitOf } from '../needs.js'
import type { DirectionNeeds } from '../needs.js'
import { checkPublisher } from '../preflight-publisher.js'
import { setsOf } from '../sets.js'
import { allowedPlugins, libraries, mayAllowPlugin, refusesPlugin } from './output-plugin.js'

/** One slot and one origin to stream, one more of each while a table is copied again. */
const NEEDS = { streams: 1, syncs: 1 } as const
/** Supervisor, the database's manager, one that looks into other databases, and Postgres' own launcher. */
const PROCESSES = 4

/** What pglogical needs of both servers for the direction that begins at `publisher`. */
export function preflightPglogical(context: MigrationContext, publisher: Side): readonly Diagnostic[] {
  const { names, inspection } = context
  const subscriber = context[otherSide(publisher)]
  const needs: DirectionNeeds = { direction: publisher === 'source' ? 'forward' : 'reverse', ...NEEDS }
  const sides = publisher === 'source' ? [context.source, context.target] : []
  return [
    ...sides.flatMap((side) => [...inRecovery(side), ...extension(side), ...node(side, context)]),
    ...(publisher === 'source' && inspection.sameCluster ? [sameCluster()] : []),
    ...(publisher === 'source' ? [...feeds(context), ...newSets(context)] : []),
    ...versions(subscriber, context[publisher]),
    ...checkPublisher(context[publisher], needs, names),
    ...plugin(context[publisher]),
    ...checkOrigins(subscriber, needs, names),
    ...processes(subscriber, PROCESSES + 2),
    ...processes(context[publisher], PROCESSES),
  ]
}

/** Its files, its place in shared_preload_libraries, and the right to make it. */
function extension(catalog: IndexedCatalog): readonly Diagnostic[] {
  const { side, me, server } = catalog
  const found: Diagnostic[] = []
  if (pglogicalVersion(catalog) === undefined) {
    found.push({
      severity: 'error',
      code: 'pglogical-missing',
      side,
      message: `the ${side} server does not have the extension pglogical`,
      fix: `Install it (Debian: postgresql-${String(server.major)}-pglogical), or use engine: native.`,
    })
  }
  const preloaded = server.settings['shared_preload_libraries']
  if (preloaded !== undefined && !libraries(preloaded).includes('pglogical')) {
    const value = [...libraries(preloaded), 'pglogical'].join(', ')
    found.push({
      severity: 'error',
      code: 'pglogical-preload',
      side,
      message: `shared_preload_libraries of the ${side} does not name pglogical, so it cannot run`,
      fix: waysToSet(catalog, 'shared_preload_libraries', value, 'restart'),
    })
  }
  if (!me.superuser && !isProviderAdmin(catalog)) {
    found.push({
      severity: 'error',
      code: 'pglogical-privilege',
      side,
      message: `${me.name} is no superuser on the ${side}, and pglogical lets nobody else make nodes, sets and subscriptions`,
      fix: `Use a superuser (or the provider’s admin role) as ${side}.admin, or use engine: native.`,
    })
  }
  return found
}

/** A database has at most one node, which belongs to whoever made it. */
function node({ side, pglogical }: IndexedCatalog, { names }: MigrationContext): readonly Diagnostic[] {
  if (pglogical === undefined) return []
  if (!pglogical.readable) {
    return [
      {
        severity: 'error',
        code: 'pglogical-unreadable',
        side,
        message: `pglogical is installed on the ${side}, and belt's login may not read its catalog`,
        fix: 'Use a login that may: whose nodes and subscriptions are there must be known.',
      },
    ]
  }
  const { localNode } = pglogical
  if (localNode === undefined || localNode.name === names.nodes[side]) return []
  return [
    {
      severity: 'error',
      code: 'pglogical-node-taken',
      side,
      subject: `node ${localNode.name}`,
      message: `the database of the ${side} is node ${localNode.name} of somebody else's pglogical, and a database can be one node only`,
      fix: `If nothing uses it any more: select pglogical.drop_node('${localNode.name.replaceAll("'", "''")}'); Otherwise use engine: native.`,
    },
  ]
}

/** Rows that replication brings to the source carry an origin, and belt's subscription takes only those that carry none. */
function feeds({ source, names, scope }: MigrationContext): readonly Diagnostic[] {
  return source.subscriptions
    .filter((s) => s.enabled && s.name !== names.reverse.subscription)
    .filter((s) => s.tables.length === 0 || s.tables.some((t) => scope.routeOf(t.schema, t.name) !== undefined))
    .map((s) => ({
      severity: 'error',
      code: 'pglogical-feed',
      side: 'source',
      subject: `subscription ${s.name}`,
      message: `the source receives rows through subscription ${s.name}, and pglogical would not pass them on to the target`,
      fix: `Use engine: native, which does; or drop it first: what it brings must not come while belt copies.`,
    }))
}

/**
 * A subscription that stands takes up another set only as its worker starts anew, and a table that is added to that set before
 * would not be copied.
 */
function newSets(context: MigrationContext): readonly Diagnostic[] {
  const subscription = context.target.subscriptionByName(context.names.forward.subscription)
  if (subscription === undefined) return []
  const lacking = setsOf(context, 'source').filter((set) => !subscription.publications.includes(set.name))
  return lacking.map(({ name, tables }) => ({
    severity: 'error',
    code: 'part-later',
    side: 'target',
    subject: `subscription ${subscription.name}`,
    message: `the subscription does not take replication set ${name}, and pglogical would not copy what is added to it now: ${tables.map((t) => quoteQualified(t.schema, t.name)).join(', ')}`,
    fix: 'Leave scope.tables.operations as it was when the copy began, or copy anew: belt plan --restart.',
  }))
}

function sameCluster(): Diagnostic {
  return {
    severity: 'error',
    code: 'pglogical-same-cluster',
    message: 'source and target are databases of one cluster, for which belt was never tried with pglogical',
    fix: 'Use engine: native.',
  }
}

function versions(subscriber: IndexedCatalog, publisher: IndexedCatalog): readonly Diagnostic[] {
  const obstacle = cannotSubscribe(subscriber, publisher)
  if (obstacle === undefined) return []
  const { side } = subscriber
  return [
    {
      severity: 'error',
      code: 'pglogical-versions',
      side,
      message: obstacle,
      fix: `Install pglogical 2.4.5 or later on the ${side}, or use engine: native.`,
    },
  ]
}

/** Minors of 2026 load only output plugins that are named. Planned where belt may; otherwise said. */
function plugin(catalog: IndexedCatalog): readonly Diagnostic[] {
  if (!refusesPlugin(catalog) || mayAllowPlugin(catalog)) return []
  const { side } = catalog
  return [
    {
      severity: 'error',
      code: 'output-plugin',
      side,
      message: `output_plugin_libraries of the ${side} does not name pglogical_output, so nobody could subscribe to it`,
      fix: waysToSet(catalog, 'output_plugin_libraries', allowedPlugins(catalog).join(', '), 'reload'),
    },
  ]
}

function processes(catalog: IndexedCatalog, wanted: number): readonly Diagnostic[] {
  const limit = limitOf(catalog, 'max_worker_processes')
  if (limit === undefined || limit >= wanted) return []
  return [
    {
      severity: 'error',
      code: 'worker-processes',
      side: catalog.side,
      message: `max_worker_processes is ${String(limit)}; pglogical needs at least ${String(wanted)} on the ${catalog.side}, and more where other databases use it`,
      fix: waysToSet(catalog, 'max_worker_processes', String(wanted + 4), 'restart'),
    },
  ]
}
