import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import { probeAction, type Action } from '../../../src/actions/action.js'
import { actionId, type ActionId } from '../../../src/actions/base.js'
import { indexCatalog } from '../../../src/catalog/indexed.js'
import { inExecutionOrder, withoutDone } from '../../../src/planner/order.js'
import { NOTHING_SPECIAL } from '../../../src/migration/draft.js'
import { emptyCatalog } from './support/catalog.js'

/** An action that is done when its number is in the set of marks. */
function action(id: ActionId, after: readonly ActionId[]): Action {
  return {
    ...NOTHING_SPECIAL,
    kind: 'verify-rows',
    id,
    side: 'target',
    phase: 'verify',
    operation: 'run',
    title: id,
    sql: [],
    after,
    method: 'count',
    tables: [],
    publications: ['p'],
    subscription: 's',
    slot: 's',
    marks: [id],
  }
}

const idOf = (n: number): ActionId => actionId('verify', String(n))

/** Actions that wait only for earlier ones, then shuffled; some wait for ids that name nothing. */
const graphs = fc
  .integer({ min: 0, max: 40 })
  .chain((size) =>
    fc.record({
      edges: fc.array(fc.tuple(fc.nat(size), fc.nat(size + 5)), { maxLength: 120 }),
      order: fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      done: fc.subarray([...Array(size).keys()]),
    }),
  )
  .map(({ edges, order, done }) => ({
    actions: order.map((n) =>
      action(
        idOf(n),
        edges.filter(([a, b]) => a === n && (b < n || b >= order.length)).map(([, b]) => idOf(b)),
      ),
    ),
    done: new Set(done.map(idOf)),
  }))

function reachable(actions: readonly Action[]): ReadonlyMap<ActionId, ReadonlySet<ActionId>> {
  const byId = new Map(actions.map((a) => [a.id, a]))
  const known = new Map<ActionId, ReadonlySet<ActionId>>()
  const visit = (id: ActionId): ReadonlySet<ActionId> => {
    const cached = known.get(id)
    if (cached) return cached
    const direct = (byId.get(id)?.after ?? []).filter((a) => byId.has(a))
    const all = new Set(direct.flatMap((a) => [a, ...visit(a)]))
    known.set(id, all)
    return all
  }
  for (const { id } of actions) visit(id)
  return known
}

const probe = (done: ReadonlySet<string>): Parameters<typeof withoutDone>[1] => {
  const context = {
    source: indexCatalog(emptyCatalog('source', 15)),
    target: indexCatalog(emptyCatalog('target', 17)),
    marks: done,
  }
  return (action) => probeAction(action, context)
}

describe('inExecutionOrder', () => {
  test('keeps every action once and puts none before what it waits for', () => {
    fc.assert(
      fc.property(graphs, ({ actions }) => {
        const ordered = inExecutionOrder(actions)
        expect([...ordered].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
          [...actions].sort((a, b) => (a.id < b.id ? -1 : 1)),
        )
        const place = new Map(ordered.map((a, index) => [a.id, index]))
        for (const { id, after } of ordered) {
          for (const before of after) expect(place.get(before) ?? -1).toBeLessThan(place.get(id) ?? 0)
        }
      }),
    )
  })

  test('leaves an order that is good already as it is', () => {
    fc.assert(
      fc.property(graphs, ({ actions }) => {
        const once = inExecutionOrder(actions)
        expect(inExecutionOrder(once)).toEqual(once)
      }),
    )
  })

  test('names two actions that wait for each other, and an id given twice', () => {
    const [a, b] = [idOf(1), idOf(2)]
    expect(() => inExecutionOrder([action(a, [b]), action(b, [a])])).toThrow('actions wait for each other: verify.')
    expect(() => inExecutionOrder([action(a, [a])])).toThrow('actions wait for each other: verify.1')
    expect(() => inExecutionOrder([action(a, []), action(a, [])])).toThrow('two actions share an id: verify.1')
  })

  test('orders a chain of 60,000 given backwards', () => {
    const chain = Array.from({ length: 60_000 }, (_, n) => action(idOf(n), n === 0 ? [] : [idOf(n - 1)]))
    expect(inExecutionOrder([...chain].reverse()).map((a) => a.id)).toEqual(chain.map((a) => a.id))
  })
})

describe('withoutDone', () => {
  test('leaves out what is done and nothing else, and keeps who waits for whom among the rest', () => {
    fc.assert(
      fc.property(graphs, ({ actions, done }) => {
        const left = withoutDone(actions, probe(done))
        const kept = actions.filter((a) => !done.has(a.id)).map((a) => a.id)
        expect(left.map((a) => a.id)).toEqual(kept)
        const before = reachable(actions)
        const after = reachable(left)
        for (const id of kept) {
          const wanted = [...(before.get(id) ?? [])].filter((other) => !done.has(other)).sort()
          expect([...(after.get(id) ?? [])].sort()).toEqual(wanted)
        }
      }),
    )
  })

  test('names in `after` only actions that are left', () => {
    fc.assert(
      fc.property(graphs, ({ actions, done }) => {
        const left = withoutDone(actions, probe(done))
        const ids = new Set(left.map((a) => a.id))
        expect(left.flatMap((a) => a.after).filter((id) => !ids.has(id))).toEqual([])
      }),
    )
  })

  test('goes through a chain of 60,000 finished actions', () => {
    const chain = Array.from({ length: 60_000 }, (_, n) => action(idOf(n), n === 0 ? [] : [idOf(n - 1)]))
    const done = new Set(chain.slice(1, -1).map((a) => a.id))
    expect(withoutDone(chain, probe(done)).map((a) => a.after)).toEqual([[], [idOf(0)]])
  })
})
