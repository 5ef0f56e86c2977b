import type { Action } from '../../actions/action.js'
import type { ActionId, LockMode } from '../../actions/base.js'
import { actionId } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import { objectKey } from '../../catalog/object-key.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import type { Estimate } from '../../plan/plan.js'
import { constraintActions } from '../build/constraint-actions.js'
import { buildSeconds, indexAction } from '../build/index-action.js'
import { eventTriggerAction, partitionTriggersOff, triggerAction } from '../build/trigger-action.js'
import { createGroup } from '../schema/create-group.js'
import { deferredEventTrigger, deferredObject, firesInReplication } from '../schema/deferred-object.js'
import { missingGroups } from '../schema/missing.js'
import type { ObjectGroup } from '../schema/object-group.js'
import { analyzeAction } from './analyze.js'

/**
 * What would have slowed the copy down: indexes and unique constraints first and side by side, then statistics,
 * then foreign keys, triggers and rules, materialized views, and event triggers last of all.
 */
export function planBuild(context: MigrationContext, copied: ActionId): Draft {
  const groups = missingGroups(context)
  const after = groups.filter((g) => g.disposition === 'after-copy')
  const isIndex = (g: ObjectGroup): boolean => g.head.kind === 'index' || g.head.kind === 'index attach'
  const isUnique = (g: ObjectGroup): boolean =>
    g.head.kind === 'constraint' && g.head.constraint?.type !== 'foreign key'
  const indexes = after.filter((g) => isIndex(g) || isUnique(g)).flatMap((g) => indexLike(g, context, copied, after))
  const analyze = analyzeAction(context, [copied, ...indexes.map((a) => a.id)])
  const rest = after.filter((g) => !isIndex(g) && !isUnique(g)).flatMap((g) => tableBound(g, context, [analyze.id]))
  const off = partitionTriggersOff(
    context,
    [analyze, ...rest].map((a) => a.id),
  )
  const views = viewActions(context, [analyze.id])
  const ids = [...indexes, analyze, ...rest, ...off, ...views].map((a) => a.id)
  const last = groups.filter((g) => g.disposition === 'last').map((g) => eventTriggerAction(g, context, ids))
  return {
    actions: [...indexes, analyze, ...rest, ...off, ...views, ...last],
    estimates: estimatesOf(indexes, context),
    deferred: after
      .flatMap((g) => (g.head.kind === 'trigger' ? g.members.filter(firesInReplication) : []))
      .map(deferredObject)
      .concat(
        last.filter((a) => a.title.endsWith(' disabled')).map((a) => deferredEventTrigger(a.makes[0] ?? a.title)),
      ),
  }
}

function indexLike(
  group: ObjectGroup,
  context: MigrationContext,
  copied: ActionId,
  all: readonly ObjectGroup[],
): readonly Action[] {
  const { head } = group
  if (head.kind === 'index') return [indexAction(group, context, [copied])]
  if (head.kind === 'constraint') return constraintActions(group, context, [copied])
  // An index can be attached once both it and its parent's stand; names are unique within a schema.
  const wanted = new Set([
    `${head.schema ?? ''}.${head.name}`,
    `${head.parent?.schema ?? ''}.${head.parent?.name ?? ''}`,
  ])
  const makers = all.filter((g) => g !== group && wanted.has(`${g.head.schema ?? ''}.${g.head.name}`))
  return [createGroup(group, 'build', [copied, ...makers.map((g) => createGroup(g, 'build', []).id)])]
}

function tableBound(group: ObjectGroup, context: MigrationContext, after: readonly ActionId[]): readonly Action[] {
  if (group.head.kind === 'constraint') return constraintActions(group, context, after)
  if (group.head.kind === 'trigger') return [triggerAction(group, after)]
  const { table } = group.head
  const mode: LockMode = 'ACCESS EXCLUSIVE'
  const locks = table === undefined ? [] : [{ mode, relation: quoteQualified(table.schema, table.name) }]
  return [{ ...createGroup(group, 'build', after), locks, timeouts: BRIEF_LOCK }]
}

/** In the dump's order, since one materialized view may read another. */
function viewActions(context: MigrationContext, after: readonly ActionId[]): readonly Action[] {
  const actions: Action[] = []
  for (const object of context.source.script.objects) {
    if (object.kind !== 'materialized view' || object.schema === undefined) continue
    const view = objectKey('materialized view', object.schema, object.name)
    if (!context.scope.includesObject(object) || !context.source.populatedViews.has(view)) continue
    const name = quoteQualified(object.schema, object.name)
    const previous = actions.at(-1)
    actions.push({
      ...NOTHING_SPECIAL,
      kind: 'refresh-materialized-view',
      id: actionId('refresh', name),
      side: 'target',
      phase: 'build',
      operation: 'run',
      title: `refresh ${view}`,
      sql: [`refresh materialized view ${name}`],
      after: previous === undefined ? after : [previous.id],
      reads: [factKey('source', object.key)],
      view,
    })
  }
  return actions
}

function estimatesOf(actions: readonly Action[], context: MigrationContext): Readonly<Record<ActionId, Estimate>> {
  const estimates: Record<ActionId, Estimate> = {}
  for (const action of actions) {
    if (action.kind !== 'create-index') continue
    const bytes = context.source.indexByName(action.index.schema, action.index.name)?.volatile.bytes
    const seconds = Math.round(buildSeconds(context, action.table.schema, action.table.name))
    estimates[action.id] = { ...(bytes === undefined ? {} : { bytes }), seconds }
  }
  return estimates
}
