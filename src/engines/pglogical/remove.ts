import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { dropDirection } from './handover.js'
import { setNamesThere } from '../sets.js'
import { extensionId, usageId } from './ids.js'
import { libraries, pluginId } from './output-plugin.js'
import { dropTruncateTriggers } from './truncate-triggers.js'

/** What another tool made and belt has taken over goes as belt's own does, and the plan says whose it was. */
function adoptedHazard({ names }: MigrationContext): Pick<Ensure, 'hazards'> {
  if (names.adopted !== true) return { hazards: [] }
  const message = 'pgbelt made it, and belt has taken it over: its own commands find nothing here afterwards'
  return { hazards: [{ code: 'adopted', message }] }
}

export function removePglogical(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Action[] {
  const { publication } = publishedFrom(publisher, context.names)
  const hazards = adoptedHazard(context)
  const gone = dropDirection(context, publisher, after).map((a): Ensure => ({ ...a, ...hazards }))
  const more = setNamesThere(context, publisher).filter((name) => name !== publication)
  const sets = [publication, ...more].map((name): Ensure => {
    const key = name.slice(publication.length + 1)
    return {
      ...DROP,
      ...hazards,
      id: actionId('drop', 'set', publisher, ...(key === '' ? [] : [key])),
      side: publisher,
      title: `replication set ${name}`,
      sql: [`select pglogical.drop_replication_set(set_name := ${quoteLiteral(name)}, ifexists := true)`],
      after: gone.map((a) => a.id),
      wants: [{ is: 'replication set', name, there: false }],
    }
  })
  return [...gone, ...sets]
}

const DROP = { ...NOTHING_SPECIAL, kind: 'ensure', phase: 'remove', operation: 'drop' } as const

/** Nodes, grants, and the extension where belt made it. */
export function dismantlePglogical(context: MigrationContext, after: readonly ActionId[]): readonly Action[] {
  return SIDES.flatMap((side) => dismantleSide(context, side, after))
}

function dismantleSide(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Action[] {
  const { names, spec } = context
  const catalog = context[side]
  if (catalog.extensionByName('pglogical') === undefined) return []
  // Tables of the other direction were in no set of this side's.
  const inUse = nodeUsedByOthers(context, side)
  const publishes = (side === 'source' ? context.carriers.forward : context.carriers.reverse) === 'pglogical'
  const triggers = publishes && !inUse ? [dropTruncateTriggers(context, side, after)] : []
  const node: Ensure = {
    ...DROP,
    ...adoptedHazard(context),
    id: actionId('drop', 'node', side),
    side,
    title: `node ${names.nodes[side]}`,
    sql: [`select pglogical.drop_node(node_name := ${quoteLiteral(names.nodes[side])}, ifexists := true)`],
    after: [...after, ...triggers.map((a) => a.id)],
    wants: [{ is: 'node', name: names.nodes[side], there: false }],
  }
  const role = quoteIdent(spec.roles.replication.name)
  const id = usageId(side)
  const granted = catalog.recordOf(names.lineage, id) !== undefined
  const grants: Ensure = {
    ...DROP,
    id: actionId('drop', id),
    side,
    title: `grants of ${role} in pglogical's catalog`,
    sql: [
      `revoke select on table pglogical.tables from ${role}`,
      `revoke usage on schema pglogical from ${role}`,
      `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`,
    ],
    after: inUse ? after : [node.id],
    wants: [{ is: 'record', lineage: names.lineage, action: id, there: false }],
  }
  const made = catalog.recordOf(names.lineage, extensionId(side))
  const extension: Ensure = {
    ...DROP,
    id: actionId('drop', extensionId(side)),
    side,
    title: `extension pglogical, which ${names.adopted === true ? 'pgbelt' : 'belt'} made`,
    sql: ['drop extension pglogical', ...(made?.before === null ? ['drop schema pglogical'] : [])],
    after: [node.id, grants.id],
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'extension', name: 'pglogical', there: false }],
  }
  const plugins = restorePlugins(context, side, inUse ? after : [node.id])
  return [
    ...triggers,
    ...(inUse ? [] : [node]),
    ...plugins,
    ...(granted ? [grants] : []),
    ...(made !== undefined && !inUse && !usedByOthers(context, side) ? [extension] : []),
  ]
}

/** As it was, unless somebody else's slot needs it by now. */
function restorePlugins(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Ensure[] {
  const { names } = context
  const id = pluginId(side)
  const before = context[side].recordOf(names.lineage, id)?.before
  const was = typeof before === 'object' && before !== null && 'value' in before ? before.value : undefined
  const own: readonly string[] = [names.forward.slot, names.reverse.slot]
  const others = context[side].slots.some((s) => s.plugin === 'pglogical_output' && !own.includes(s.name))
  if (typeof was !== 'string' || others) return []
  const value = libraries(was)
  return [
    {
      ...DROP,
      id: actionId('restore', id),
      side,
      operation: 'change',
      title: `output_plugin_libraries of the ${side} server, as it was`,
      sql: [
        `alter system ${value.length === 0 ? 'reset output_plugin_libraries' : `set output_plugin_libraries = ${value.join(', ')}`}`,
        'select pg_catalog.pg_reload_conf()',
        `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`,
      ],
      transaction: 'none',
      after,
      wants: [{ is: 'record', lineage: names.lineage, action: id, there: false }],
    },
  ]
}

/** Others may have taken up belt's node, for a database has only one: their subscription into it, or a slot they read it by. */
function nodeUsedByOthers({ names, ...catalogs }: MigrationContext, side: Side): boolean {
  const { subscriptions, slots, database } = catalogs[side]
  const own = [names.forward, names.reverse]
  return (
    subscriptions.some((s) => s.of === 'pglogical' && !own.some((o) => o.subscription === s.name)) ||
    slots.some(
      (s) =>
        s.plugin === 'pglogical_output' &&
        s.database === database.name &&
        // Those of a table's copy are called after it.
        !own.some((o) => s.name.startsWith(o.slot)),
    )
  )
}

function usedByOthers(context: MigrationContext, side: Side): boolean {
  const { nodes } = context.names
  const pglogical = context[side].pglogical
  const own: readonly string[] = Object.values(nodes)
  return [...(pglogical?.otherNodes ?? []), pglogical?.localNode].some((n) => n !== undefined && !own.includes(n.name))
}
