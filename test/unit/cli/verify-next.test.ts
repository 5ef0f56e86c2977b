import { describe, expect, test } from 'vitest'
import { causesOfDifferences } from '../../../src/cli/verify/causes.js'
import { nextAfterVerify } from '../../../src/cli/verify/next-step.js'
import type { TableResult, VerifyResult } from '../../../src/verify/rows/verify-result.js'
import { keyless } from '../planner/support/catalog.js'
import { contextOf, type Situation } from '../planner/support/planned.js'
import { closedTarget, record } from '../planner/support/troubles/restart.js'
import { STREAMING_STATE } from '../planner/support/troubles/state.js'
import { stream } from '../planner/support/troubles/stream.js'
import { MINIMAL } from '../spec/load-text.js'
import { different, equal, FOUND } from '../verify/results.js'

const FILE = { file: 'belt.yaml' }

function streaming(more: Situation = {}): Situation {
  const carried = stream({ worker: 'steady' }).target
  return stream({ worker: 'steady' }, { state: STREAMING_STATE, target: { ...carried, ...closedTarget() }, ...more })
}

function found(...tables: readonly TableResult[]): { verdict: 'different'; rows: VerifyResult } {
  const lsn = { source: { from: null, to: null }, target: { from: null, to: null } }
  return { verdict: 'different', rows: { verdict: 'different', tables, lsn, durationMs: 1 } }
}

const ORDERS = different('public.orders', [FOUND])

describe('after a comparison that found differences the next step', () => {
  test('is to look at the values, and to copy the table anew where belt would', async () => {
    const context = await contextOf(streaming())
    expect(nextAfterVerify(found(equal('public.a'), ORDERS), context, FILE)).toBe(
      'belt verify --tables public.orders --show-values to see the values; belt plan --resync public.orders to copy it anew',
    )
    expect(nextAfterVerify(found(ORDERS), context, { file: 'x.yaml', showValues: true })).toBe(
      'belt plan -f x.yaml --resync public.orders to copy it anew',
    )
  })

  test('says which stage to ask for first', async () => {
    const spec = MINIMAL.replace('stage: replicating', 'stage: cutover')
    const context = await contextOf(streaming({ spec }))
    expect(nextAfterVerify(found(ORDERS), context, { ...FILE, showValues: true })).toBe(
      'set stage: replicating, then belt plan --resync public.orders to copy it anew',
    )
  })

  test('offers no copy of what cannot be copied anew: the target serves, the table is copied inside the pause, is unknown', async () => {
    const source = { ...stream({ worker: 'steady' }).source, records: [record('fence.source'), record('open.target')] }
    const served = await contextOf(streaming({ source }))
    expect(nextAfterVerify(found(ORDERS), served, FILE)).toBe(
      'belt verify --tables public.orders --show-values to see the values',
    )
    const lines = ['keyless: { default: copy_at_cutover }']
    const late = await contextOf(streaming({ source: { tables: [keyless('orders')] }, lines }))
    expect(nextAfterVerify(found(ORDERS), late, { ...FILE, showValues: true })).toBe('belt drift')
  })

  test('is belt drift where only the structure differs', async () => {
    const context = await contextOf(streaming())
    const only = { ...different('public.orders', []), structure: ['column x is only on the source'] }
    expect(nextAfterVerify(found(only), context, FILE)).toBe('belt drift')
  })
})

test('triggers that fire for replicated rows on the side that is fed are named as a possible cause, others are not', async () => {
  const trigger = { schema: 'public', table: 'orders' }
  const triggers = [
    { ...trigger, name: 'audit', enabled: 'always' },
    { ...trigger, name: 'Plain', enabled: 'origin' },
    { ...trigger, name: 'off', enabled: 'disabled' },
    { schema: 'other', table: 'x', name: 'elsewhere', enabled: 'replica' },
  ] as const
  const context = await contextOf(streaming({ target: { ...stream({ worker: 'steady' }).target, triggers } }))
  const causes = causesOfDifferences(context, 'source')
  expect(causes).toHaveLength(1)
  expect(causes[0]).toContain('trigger audit of public.orders on the target fires for replicated rows (ENABLE ALWAYS)')
  expect(causesOfDifferences(context, 'target')).toEqual([])
})
