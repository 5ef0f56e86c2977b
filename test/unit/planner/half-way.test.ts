import { describe, expect, test } from 'vitest'
import { MINIMAL } from '../spec/load-text.js'
import { keyless, POOR, script, slot, subscription, table, tableObject } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const asks = (stage: string): string => MINIMAL.replace('stage: replicating', `stage: ${stage}`)
const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const DBA = {
  activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [{ role: 'postgres', sessions: 1 }] },
} as const

/** A cutover has closed the source and was killed before the point of no return. */
const HALF: Situation = {
  source: {
    ...ORDERS,
    slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }],
    records: [record('fence.source')],
  },
  target: closedTarget({ subscriptions: [subscription(NAMES.forward.subscription, READY)] }),
}

/** What each of these says of both sides is true, and none of it is worse than that nobody can write anywhere. */
const IN_THE_WAY: readonly (readonly [string, Situation])[] = [
  ['a superuser looks at the closed source', { source: { ...HALF.source, ...DBA } }],
  [
    'a table was made meanwhile that is not on the target',
    {
      source: {
        ...HALF.source,
        tables: [table('orders'), table('late')],
        ...script(tableObject('orders'), tableObject('late')),
      },
    },
  ],
  ['the definition of a table differs', { source: { ...HALF.source, ...script(tableObject('orders', 'x')) } }],
  [
    'rows that are copied in the pause could not be written',
    {
      lines: ['keyless: { default: copy_at_cutover }'],
      source: { ...HALF.source, tables: [table('orders'), keyless('notes')] },
      target: { ...HALF.target, me: { ...POOR, memberOf: ['postgres'] } },
    },
  ],
]

describe.each(['cutover', 'replicating', 'prepared', 'rolled-back'])('half-way, asked for %s', (stage) => {
  test.each(IN_THE_WAY)('%s: the source is opened all the same', async (_, { lines = [], ...more }) => {
    const plan = await planOf({ ...HALF, ...more, spec: `${asks(stage)}${lines.join('\n')}\n` })
    expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    expect(plan.actions.map((a) => a.id)).toContain('reopen.source')
  })
})

test('before a handover begins they are still in its way', async () => {
  const [, superuser] = IN_THE_WAY[0] ?? ['', {}]
  const plan = await planOf({
    ...HALF,
    source: { ...superuser.source, records: [] },
    spec: asks('cutover'),
  })
  expect(plan.diagnostics.map((d) => d.code)).toContain('fence-hole')
})

const OVER: Situation = {
  source: {
    ...ORDERS,
    ...DBA,
    records: [record('fence.source'), record('open.target')],
    subscriptions: [subscription(NAMES.reverse.subscription, READY)],
  },
  target: { ...ORDERS, slots: [{ ...slot(NAMES.reverse.slot, true), database: 'shop' }], records: [] },
}

test('who looks at the closed source after a cutover is no hole of its fence', async () => {
  for (const fence of ['revoke_connect', 'revoke_login']) {
    const plan = await planOf({ ...OVER, spec: `${asks('cutover')}cutover: { fence: ${fence} }\n` })
    expect(plan.diagnostics.map((d) => d.code)).not.toContain('fence-hole')
  }
})
