import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { actionId } from '../../../src/actions/base.js'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { keyless, schemaObject, script, table, tableObject } from './support/catalog.js'
import { readyForCutover } from './support/cutover.js'
import { planOf } from './support/planned.js'

const at = (name: string) => ({ schema: 'public', name })
const reads = (name: string, ...uses: readonly string[]) => ({ ...at(name), uses: uses.map(at) })

const TABLES = [
  table('orders'),
  keyless('notes', { volatile: { rows: 1, bytes: 400_000_000, heapBytes: 0, updates: 0, deletes: 0, writes: 0 } }),
  table('above'),
  keyless('heir', { parents: [at('above')] }),
]
const VIEWS = ['of_orders', 'of_notes', 'through_views', 'of_view', 'of_above']
const BOTH: Partial<Catalog> = {
  tables: TABLES,
  materializedViews: VIEWS.map((name) => ({ ...at(name), populated: true })),
  viewUses: [
    reads('of_orders', 'orders'),
    reads('of_notes', 'notes', 'orders'),
    reads('plain', 'plainer'),
    reads('plainer', 'notes'),
    reads('through_views', 'orders', 'plain'),
    reads('of_view', 'through_views'),
    reads('of_above', 'above'),
  ],
  ...script(...TABLES.map((t) => tableObject(t.name)), ...VIEWS.map((name) => schemaObject('materialized view', name))),
}

async function refreshes(...lines: readonly string[]): Promise<readonly Action[]> {
  const plan = await planOf(
    readyForCutover({
      source: BOTH,
      target: BOTH,
      lines: ['keyless: { tables: { public.notes: copy_at_cutover, public.heir: copy_at_cutover } }', ...lines],
      streamed: ['orders', 'above'],
    }),
  )
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  expect(plan.actions.find((a) => a.kind === 'verify-handover')?.after).toContain('refresh.cutover.public.of_above')
  expect(plan.volatile.estimates[actionId('refresh', 'cutover', 'public.of_notes')]).toMatchObject({ seconds: 10 })
  return plan.actions.filter((a) => a.kind === 'refresh-materialized-view')
}

test('a view that reads rows which come in the pause is refreshed behind them, all others before it', async () => {
  const found = await refreshes()
  const phases = Object.fromEntries(found.map((a) => [a.id.split('.').at(-1), a.phase]))
  const inside = 'pause'
  expect(phases).toEqual({
    of_orders: 'before pause',
    of_notes: inside,
    through_views: inside,
    of_view: inside,
    of_above: inside,
  })
  const late = found.filter((a) => a.phase === inside)
  expect(late[0]?.after).toEqual(['rows.target.public.notes', 'rows.target.public.heir'])
  expect(late[1]?.after).toEqual([late[0]?.id])
  expect(late[0]?.hazards).toEqual([
    { code: 'pause-refresh', message: 'applications wait about 10 s for it, by the size of the tables that it reads' },
  ])
})

test('what was refreshed in the pause holds only under the very fence', async () => {
  const marks = (actions: readonly Action[]): readonly unknown[] =>
    actions.flatMap((a) => (a.kind === 'refresh-materialized-view' && a.phase === 'pause' ? [a.marks] : []))
  expect(marks(await refreshes())[0]).toEqual(['handover cutover fenced refreshed materialized view public.of_notes'])
  // Nothing keeps writers out while belt does not look: every run does it again.
  expect(marks(await refreshes('cutover: { fence: none }'))[0]).toEqual([])
})
