import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import type { ActionId } from '../../../src/actions/base.js'
import { claimsConflict, claimsOf } from '../../../src/apply/lane.js'
import { OrderedQueue } from '../../../src/apply/ordered-queue.js'
import { Schedule } from '../../../src/apply/schedule.js'
import { NOTHING_SPECIAL } from '../../../src/migration/draft.js'

const base = (id: string, after: readonly string[]) =>
  ({
    ...NOTHING_SPECIAL,
    id: id as ActionId,
    side: 'target',
    phase: 'build',
    operation: 'create',
    title: id,
    sql: [],
    after: after as ActionId[],
  }) as const

function alone(id: string, ...after: readonly string[]): Action {
  return { ...base(id, after), kind: 'create-object', makes: [] }
}

function index(id: string, table: string, concurrently: boolean, ...after: readonly string[]): Action {
  const named = { schema: 'public', name: table }
  return {
    ...base(id, after),
    kind: 'create-index',
    makes: [],
    index: { schema: 'public', name: id },
    table: named,
    concurrently,
    clear: [],
  }
}

function ids(schedule: Schedule): readonly string[] {
  const taken: string[] = []
  for (let action = schedule.take(); action !== undefined; action = schedule.take()) taken.push(action.id)
  return taken
}

describe('a schedule', () => {
  test('runs what is alone one by one, in the order of the plan', () => {
    const schedule = new Schedule([alone('a'), alone('b', 'c'), alone('c')], 4)
    expect(ids(schedule)).toEqual(['a'])
    schedule.finish('a' as ActionId)
    expect(ids(schedule)).toEqual(['c'])
    schedule.finish('c' as ActionId)
    expect(ids(schedule)).toEqual(['b'])
  })

  test('builds so many indexes at once, and nothing else beside them', () => {
    const schedule = new Schedule(
      [index('i', 't', false), index('j', 't', false), index('k', 'u', false), alone('a')],
      2,
    )
    expect(ids(schedule)).toEqual(['i', 'j'])
    schedule.finish('i' as ActionId)
    expect(ids(schedule)).toEqual(['k'])
    schedule.finish('j' as ActionId)
    expect(ids(schedule)).toEqual([])
    schedule.finish('k' as ActionId)
    expect(ids(schedule)).toEqual(['a'])
  })

  test('never runs two on one table whose locks conflict', () => {
    const schedule = new Schedule([index('i', 't', true), index('j', 't', false), index('k', 'u', true)], 3)
    expect(ids(schedule)).toEqual(['i', 'k'])
    schedule.finish('i' as ActionId)
    expect(ids(schedule)).toEqual(['j'])
  })

  test('takes what an action waits for outside the plan as done', () => {
    expect(ids(new Schedule([alone('a', 'elsewhere')], 1))).toEqual(['a'])
  })

  test('whatever the graph: each action once, never before what it waits for, never two that conflict', () => {
    const plan = fc.array(
      fc.record({
        beside: fc.boolean(),
        table: fc.constantFrom('t', 'u'),
        concurrently: fc.boolean(),
        after: fc.array(fc.nat(30), { maxLength: 3 }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat(9)), (items, jobs, choice) => {
        const actions = items.map((item, at) => {
          const after = item.after.filter((n) => n < at).map((n) => `a${String(n)}`)
          return item.beside
            ? index(`a${String(at)}`, item.table, item.concurrently, ...after)
            : alone(`a${String(at)}`, ...after)
        })
        const schedule = new Schedule(actions, jobs)
        const running: Action[] = []
        const done = new Set<ActionId>()
        while (done.size < actions.length) {
          for (let next = schedule.take(); next !== undefined; next = schedule.take()) {
            expect(next.after.every((id) => done.has(id))).toBe(true)
            for (const other of running) {
              const [a, b] = [claimsOf(next), claimsOf(other)]
              expect(a !== undefined && b !== undefined && !claimsConflict(a, b)).toBe(true)
            }
            running.push(next)
          }
          expect(running.length).toBeGreaterThan(0)
          expect(running.length).toBeLessThanOrEqual(jobs)
          const [ended] = running.splice((choice.next().value ?? 0) % running.length, 1)
          if (ended === undefined) throw new Error('nothing ran')
          expect(done.has(ended.id)).toBe(false)
          done.add(ended.id)
          schedule.finish(ended.id)
        }
        expect(schedule.take()).toBeUndefined()
      }),
    )
  })

  test('60,000 actions in a chain and 60,000 side by side take seconds, not minutes', () => {
    const chain = Array.from({ length: 60_000 }, (_, n) =>
      n === 0 ? alone('a0') : alone(`a${String(n)}`, `a${String(n - 1)}`),
    )
    const beside = Array.from({ length: 60_000 }, (_, n) => index(`i${String(n)}`, `t${String(n)}`, false))
    const schedule = new Schedule([...chain, ...beside], 4)
    let steps = 0
    for (let next = schedule.take(); next !== undefined; next = schedule.take()) {
      schedule.finish(next.id)
      steps += 1
    }
    expect(steps).toBe(120_000)
  }, 60_000)
})

test('an ordered queue gives the smallest that fits', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5000), { maxLength: 3000 }), fc.integer({ min: 1, max: 7 }), (items, step) => {
      const queue = new OrderedQueue()
      const left = new Set<number>()
      items.forEach((item, at) => {
        queue.add(item)
        left.add(item)
        if (at % step !== 0) return
        const fitting = [...left].filter((n) => n % 2 === at % 2)
        const taken = queue.take((n) => n % 2 === at % 2)
        expect(taken).toBe(fitting.length === 0 ? undefined : Math.min(...fitting))
        if (taken !== undefined) left.delete(taken)
      })
      const rest = [...left].sort((a, b) => a - b)
      expect(rest.map(() => queue.take())).toEqual(rest)
    }),
    { numRuns: 30 },
  )
})
