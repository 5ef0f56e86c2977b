import { expect, test } from 'vitest'
import { missingApprovals } from '../../../src/apply/approvals.js'
import { approvalDigest } from '../../../src/plan/approval-digest.js'
import type { Plan } from '../../../src/plan/plan.js'
import { MINIMAL } from '../spec/load-text.js'
import { keyless } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { closedTarget, record } from './support/troubles/restart.js'

const ENDING = 'hazard: end-sessions, action: end-sessions.target, reason: r, until: 2999-12-31'

/** A teardown that puts the identity of keyless tables back, for which sessions in the way are ended. */
async function teardown(digest: string | undefined, names = ['orders']): Promise<Plan> {
  const tables = names.map((name) => keyless(name, { replicaIdentity: 'full' }))
  const records = names.map((name) => ({
    ...record(`replica-identity.target.public.${name}`),
    before: { identity: 'default' },
  }))
  const approval = `approve: [{ ${ENDING}${digest === undefined ? '' : `, digest: "${digest}"`} }]\n`
  return planOf({
    spec: MINIMAL.replace('stage: replicating', 'stage: absent') + approval,
    source: { tables },
    target: closedTarget({ tables, records }),
  })
}

function digestOf(plan: Plan): string {
  const ending = plan.actions.find((a) => a.id === 'end-sessions.target')
  if (ending === undefined) throw new Error('the plan ends no sessions')
  return approvalDigest(ending, plan.volatile.estimates[ending.id])
}

const missing = (plan: Plan): readonly string[] =>
  missingApprovals(plan, plan.actions, '2026-01-01').map(({ action }) => action.id)

test('an approval with a digest holds for that form of the action alone', async () => {
  const digest = digestOf(await teardown(undefined))
  const same = await teardown(digest)
  expect(missing(same)).toEqual([])
  expect(same.diagnostics.map((d) => d.code)).not.toContain('approval-lapsed')

  const more = await teardown(digest, ['orders', 'payments'])
  expect(missing(more)).toEqual(['end-sessions.target'])
  const lapsed = more.diagnostics.find((d) => d.code === 'approval-lapsed')
  expect(lapsed).toMatchObject({ severity: 'warning', subject: 'end-sessions.target' })
  expect(lapsed?.fix).toContain(digestOf(more))
})

test('an approval without one holds for whatever the action has become', async () => {
  expect(missing(await teardown(undefined, ['orders', 'payments']))).toEqual([])
})

test('a size that is another power of ten is another thing to approve, and wording is not', async () => {
  const [action] = (await teardown(undefined)).actions
  if (action === undefined) throw new Error('the plan is empty')
  const at = (bytes: number): string => approvalDigest(action, { bytes })
  expect(at(2_000_000)).toBe(at(9_000_000))
  expect(at(2_000_000)).not.toBe(at(20_000_000))
  expect(approvalDigest({ ...action, title: 'said otherwise' }, { bytes: 1 })).toBe(at(1))
  expect(approvalDigest({ ...action, sql: ['select 1'] }, { bytes: 1 })).not.toBe(at(1))
})
