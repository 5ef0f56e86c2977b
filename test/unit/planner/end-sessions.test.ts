import { expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { MINIMAL } from '../spec/load-text.js'
import { keyless } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { closedTarget, HELD, record } from './support/troubles/restart.js'

const APPROVED = 'approve: [{ hazard: end-sessions, action: end-sessions.target, reason: r, until: 2999-12-31 }]\n'
const IDENTITY = 'replica-identity.target.public.orders'

/** A keyless table whose identity is put back, and a session that keeps it locked. */
async function teardown(more: string, heldLocks = [HELD]): Promise<Plan> {
  const tables = [keyless('orders', { replicaIdentity: 'full' })]
  const activity = { openTransactions: [], preparedTransactions: [], sessionsByRole: [], heldLocks }
  const records = [{ ...record(IDENTITY), before: { identity: 'default' } }]
  return planOf({
    spec: MINIMAL.replace('stage: replicating', 'stage: absent') + more,
    source: { tables },
    target: closedTarget({ tables, activity, records }),
  })
}

test('who holds a lock that a teardown needs is named and not ended', async () => {
  const { actions, volatile } = await teardown('')
  expect(actions.flatMap((a) => a.sql).join(' ')).not.toContain('pg_terminate_backend')
  expect(volatile.activity.map((d) => [d.code, d.subject])).toEqual([['lock-holder', 'pid 4711']])
})

test('once approved they are ended before the first lock, whoever it is by then', async () => {
  const plans = [await teardown(APPROVED), await teardown(APPROVED, [])]
  for (const { actions, approvals } of plans) {
    const end = actions.find((a) => a.id === 'end-sessions.target')
    expect(end).toMatchObject({ hazards: [{ code: 'end-sessions', approval: true }] })
    expect(end?.sql.join()).toContain(`'public.orders'`)
    expect(approvals).toMatchObject([{ hazard: 'end-sessions', action: 'end-sessions.target' }])
    const restored = actions.find((a) => a.id === `restore.${IDENTITY}`)
    expect(restored?.after).toContain('end-sessions.target')
  }
  expect(plans[0]?.actions).toEqual(plans[1]?.actions)
})

test('a lock that does not stand in the way is not named', async () => {
  const { volatile } = await teardown('', [{ ...HELD, relation: 'customers' }])
  expect(volatile.activity).toEqual([])
})
