import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { RefreshMaterializedView } from '../../actions/refresh-materialized-view.js'
import { factKey } from '../../catalog/facts.js'
import { heirsOf } from '../../catalog/inheritance.js'
import { objectKey } from '../../catalog/object-key.js'
import type { Table } from '../../catalog/relations.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { fencedMark, fenceHolds, handoverMark } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Estimate } from '../../plan/plan.js'
import { tablesCopiedInPause } from './copied-tables.js'

/** Views to refresh for one handover: shortly before the fence, or inside the pause. */
export interface Refreshes {
  readonly ahead: readonly RefreshMaterializedView[]
  readonly inside: readonly RefreshMaterializedView[]
  readonly estimates: Readonly<Record<string, Estimate>>
}

/** Bytes of table that the query of a view reads in a second, rather less than a plain scan. */
const BYTES_PER_SECOND = 40_000_000

/**
 * Replication carries no refresh: what was populated when the copy ended may be days old, so every view that is
 * populated where it is served is refreshed on the other side. That happens shortly before the fence, outside the pause
 * (rule 19), but for those that read a table whose rows come in the pause: before that they would be refreshed from what
 * the table held long ago, or from nothing.
 */
export function refreshViews(
  context: MigrationContext,
  handover: Handover,
  after: { readonly ahead: readonly ActionId[]; readonly inside: readonly ActionId[] },
): Refreshes {
  const { from, to } = handover
  const copied = new Set(tablesCopiedInPause(context).map((t) => quoteQualified(t.schema, t.name)))
  const readBy = tablesReadBy(context, handover)
  const ahead: RefreshMaterializedView[] = []
  const inside: RefreshMaterializedView[] = []
  const estimates: Record<string, Estimate> = {}
  // In the dump's order, since one materialized view may read another.
  for (const object of context[to].script.objects) {
    if (object.kind !== 'materialized view' || object.schema === undefined) continue
    const view = objectKey('materialized view', object.schema, object.name)
    if (!context.scope.includesObject(object) || !context[from].populatedViews.has(view)) continue
    const name = quoteQualified(object.schema, object.name)
    const read = readBy(name)
    const isLate = read.some((t) => copied.has(quoteQualified(t.schema, t.name)))
    const previous = (isLate ? inside : ahead).at(-1)
    const action: RefreshMaterializedView = {
      ...NOTHING_SPECIAL,
      kind: 'refresh-materialized-view',
      id: actionId('refresh', handover.word, name),
      side: to,
      phase: isLate ? 'pause' : 'before pause',
      operation: 'run',
      title: `refresh ${view}`,
      sql: [`refresh materialized view ${name}`],
      after: previous === undefined ? after[isLate ? 'inside' : 'ahead'] : [previous.id],
      reads: [factKey(to, object.key)],
      view,
      marks: [handoverMark(handover, `refreshed ${view}`)],
    }
    if (!isLate) {
      ahead.push(action)
      continue
    }
    const bytes = read.reduce((sum, t) => sum + t.volatile.bytes, 0)
    const seconds = Math.round(bytes / BYTES_PER_SECOND)
    estimates[action.id] = { bytes, seconds }
    inside.push({
      ...action,
      note: 'It reads a table whose rows have only come now.',
      hazards: hazards(seconds),
      // Under a fence that does not hold everybody the rows are copied again by every run, and it is refreshed again.
      marks: fenceHolds(context.spec.cutover.fence) ? [fencedMark(handover, `refreshed ${view}`)] : [],
    })
  }
  return { ahead, inside, estimates }
}

function hazards(seconds: number): RefreshMaterializedView['hazards'] {
  if (seconds < 2) return []
  const message = `applications wait about ${String(seconds)} s for it, by the size of the tables that it reads`
  return [{ code: 'pause-refresh', message }]
}

/** The tables that a view reads in the end, through whatever other views; with those that inherit from them. */
function tablesReadBy(context: MigrationContext, { from, to }: Handover): (view: string) => readonly Table[] {
  const uses = new Map(
    context[to].viewUses.map((v) => [
      quoteQualified(v.schema, v.name),
      v.uses.map((u) => quoteQualified(u.schema, u.name)),
    ]),
  )
  const tables = new Map(context[from].tables.map((t) => [quoteQualified(t.schema, t.name), t]))
  return (view) => {
    const found = new Set([view])
    for (const name of found) {
      for (const used of uses.get(name) ?? []) found.add(used)
      if (tables.has(name)) for (const t of heirsOf(context[from], name)) found.add(quoteQualified(t.schema, t.name))
    }
    return [...found].flatMap((name) => tables.get(name) ?? [])
  }
}
