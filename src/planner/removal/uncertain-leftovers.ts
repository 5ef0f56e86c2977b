import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide, SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'

/** The name that Postgres gives the origin of a subscription, or of its copy of a table. */
const ORIGIN_NAME = /^pg_([0-9]+)(?:_[0-9]+)?$/
/** Of the worker that copies one table: subscription, table, and cluster of the subscriber (from 14 on). */
const SYNC_NAME = /^pg_([0-9]+)_sync_[0-9]+_([0-9]+)$/

interface Leftover {
  readonly side: Side
  readonly id: ActionId
  readonly what: string
  readonly why: string
  readonly action: Pick<Ensure, 'sql' | 'wants'> & Partial<Pick<Ensure, 'after' | 'transaction'>>
}

/**
 * What looks as if it were left by a migration that is gone, and may yet be somebody else's: told of, and dropped only
 * where the spec approves it by name. It cannot be made again.
 */
export function uncertainLeftovers(context: MigrationContext): Draft {
  const found = SIDES.flatMap((side) => [
    ...copySlots(context, side),
    ...origins(context, side),
    ...migrations(context, side),
  ])
  const approved = (l: Leftover): boolean =>
    context.spec.approve.some((a) => a.hazard === 'leftover' && a.action === l.id)
  return { actions: found.filter(approved).map(action), diagnostics: found.filter((l) => !approved(l)).map(finding) }
}

/** Not one that somebody reads in this moment. */
export function dropSlotSql(name: string): string {
  return `select pg_catalog.pg_drop_replication_slot(s.slot_name) from pg_catalog.pg_replication_slots as s where s.slot_name = ${quoteLiteral(name)} and not s.active`
}

/**
 * The cluster of the other side is the subscriber, and has no such subscription any more. A physical copy of that
 * cluster bears the same number, though, and may have one.
 */
function copySlots(context: MigrationContext, side: Side): readonly Leftover[] {
  const { database, slots } = context[side]
  const { server, subscriptionOids } = context[otherSide(side)]
  if (subscriptionOids === undefined || context.inspection.gone !== undefined) return []
  return slots.flatMap(({ name, database: of, volatile: { active } }): readonly Leftover[] => {
    const [, oid, cluster] = SYNC_NAME.exec(name) ?? []
    if (of !== database.name || active || cluster !== server.systemIdentifier) return []
    if (oid === undefined || subscriptionOids.includes(oid)) return []
    return [
      {
        side,
        id: actionId('drop', 'leftover', 'slot', side, name),
        what: `replication slot ${name}`,
        why: `Postgres made it to copy a table, and the ${otherSide(side)} has no such subscription any more; only a physical copy of that cluster could still have it. It keeps log until it is dropped`,
        action: { sql: [dropSlotSql(name)], transaction: 'none', wants: [{ is: 'slot', name, there: false }] },
      },
    ]
  })
}

/** Its subscription is in no database of that cluster any more. */
function origins(context: MigrationContext, side: Side): readonly Leftover[] {
  const { origins: all, subscriptionOids } = context[side]
  if (subscriptionOids === undefined) return []
  return all.flatMap(({ name }): readonly Leftover[] => {
    const oid = ORIGIN_NAME.exec(name)?.[1]
    if (oid === undefined || subscriptionOids.includes(oid)) return []
    return [
      {
        side,
        id: actionId('drop', 'leftover', 'origin', side, name),
        what: `replication origin ${name}`,
        why: 'the subscription that it is named after is gone; each origin takes one of the server’s replication slots',
        action: {
          sql: [
            `select pg_catalog.pg_replication_origin_drop(o.roname) from pg_catalog.pg_replication_origin as o where o.roname = ${quoteLiteral(name)}`,
          ],
          wants: [{ is: 'origin', name, there: false }],
        },
      },
    ]
  })
}

/** Records of another migration that has no replication and no fence here; it may be one that is only prepared. */
function migrations(context: MigrationContext, side: Side): readonly Leftover[] {
  const { names } = context
  const catalog = context[side]
  const records = (catalog.records ?? []).filter((r) => r.lineage !== names.lineage)
  const streams = [...catalog.slots, ...catalog.publications, ...catalog.subscriptions].map((o) => o.name)
  const lineages = [...new Set(records.map((r) => r.lineage))]
  return lineages.flatMap((lineage): readonly Leftover[] => {
    const mark = lineage.slice(0, 8)
    const mine = records.filter((r) => r.lineage === lineage)
    const alive =
      streams.some((name) => new RegExp(`_${mark}_[fr](_[iudt]+)?$`).test(name)) ||
      mine.some((r) => r.action.startsWith('fence.'))
    if (alive || (catalog.beltStates ?? []).includes(lineage)) return []
    const id = actionId('drop', 'leftover', 'records', side, mark)
    const since = mine[0]?.at.slice(0, 10) ?? ''
    return [
      {
        side,
        id,
        what: `records of migration ${lineage} in schema belt (since ${since})`,
        why: 'none of its replication is in this database: it is over, or has not begun to copy',
        action: {
          sql: [
            `delete from belt.record where lineage = ${quoteLiteral(lineage)}`,
            `drop table if exists belt.${quoteIdent(`marker_${mark}`)}`,
          ],
          wants: [{ is: 'no records', lineage, markerTable: `marker_${mark}` }],
        },
      },
      ...madeRoles(context, side, lineage, id),
    ]
  })
}

/** The replication role that it made, unless somebody else uses it. */
function madeRoles(context: MigrationContext, side: Side, lineage: string, records: ActionId): readonly Leftover[] {
  const catalog = context[side]
  const made = catalog.recordOf(lineage, `role.${side}.replication`)
  const name = made?.before === null ? made.object.replace(/^role /, '') : undefined
  if (name === undefined || catalog.roleByName(name) === undefined) return []
  const used =
    name === context.spec.roles.replication.name ||
    catalog.slots.some((s) => s.name.startsWith('belt_')) ||
    [...catalog.tables, ...catalog.schemas].some((object) => object.owner === name) ||
    (catalog.records ?? []).some((r) => r.lineage !== lineage && r.object === made?.object)
  if (used) return []
  const role = quoteIdent(name)
  return [
    {
      side,
      id: actionId('drop', 'leftover', 'role', side, name),
      what: `role ${role}, which migration ${lineage} made`,
      why: 'that migration has no replication here any more, and no slot of belt’s is left on this server',
      action: {
        sql: [`drop owned by ${role}`, `drop role ${role}`],
        wants: [{ is: 'role', name, there: false }],
        after: [records],
      },
    },
  ]
}

function action({ side, id, what, why, action: { after = [], ...rest } }: Leftover): Ensure {
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side,
    phase: 'remove',
    operation: 'drop',
    title: `${what}, left over`,
    note: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    ...rest,
    after,
    hazards: [{ code: 'leftover', message: 'it cannot be made again, should it be somebody else’s', approval: true }],
    specPath: 'approve',
  }
}

function finding({ side, id, what, why }: Leftover): Diagnostic {
  return {
    severity: 'info',
    code: 'leftover',
    side,
    message: `${what} may be left over: ${why}`,
    fix: `If it is nobody’s, approve { hazard: leftover, action: ${id}, … } and the plan drops it.`,
  }
}
