import { describe, expect, test } from 'vitest'
import { demandApprovals, missingApprovals } from '../../../src/apply/approvals.js'
import { approvalDigest } from '../../../src/plan/approval-digest.js'
import type { Plan } from '../../../src/plan/plan.js'
import { MINIMAL } from '../spec/load-text.js'
import { keyless } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { textStyle } from '../../../src/render/text/style.js'
import { planText } from '../../../src/render/plan/plan-text.js'
import type { ApprovalSpec } from '../../../src/spec/spec.js'
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

describe('the refusal of a plan says why each approval that was given does not count', () => {
  const given = (more: Partial<ApprovalSpec>): ApprovalSpec => ({
    ...{ hazard: 'end-sessions', action: 'end-sessions.target', reason: 'r', until: '2999-12-31' },
    ...more,
  })

  async function refused(approve: readonly ApprovalSpec[], now = '2026-01-01'): Promise<string> {
    const { approvals: _, ...plan } = await teardown(undefined)
    try {
      demandApprovals(plan, plan.actions, { given: approve, now: new Date(now) })
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    return 'nothing is missing'
  }

  test('none was given', async () => {
    expect(await refused([])).not.toContain('the approval of')
  })

  test('it ran out, with its line', async () => {
    const at = { file: 'belt.yaml', line: 12, column: 5 }
    expect(await refused([given({ until: '2025-12-31', at })])).toContain(
      'the approval of end-sessions for end-sessions.target in line 12 ran out on 2025-12-31',
    )
  })

  test('it was given to another form of the action', async () => {
    expect(await refused([given({ digest: '00000000' })])).toContain(
      'was given to digest 00000000; the action of this plan has ',
    )
  })

  test('it was given after the plan was made', async () => {
    expect(await refused([given({})])).toContain('is not in this plan: it was given after the plan was made')
  })

  test('it names another hazard, or an action that is misspelt', async () => {
    expect(await refused([given({ hazard: 'write-pause' })])).toContain('names a hazard that the action does not have')
    expect(await refused([given({ action: 'end-session.target' })])).toContain(
      'names an action that this plan does not have; this one is end-sessions.target',
    )
    expect(await refused([given({ hazard: 'write-pause', action: 'fence.source' })])).not.toContain('the approval of')
  })

  test('the one of the plan has run out since, and is no longer in the spec', async () => {
    const plan = await teardown(undefined)
    expect(() => demandApprovals(plan, plan.actions, { given: [], now: new Date('3000-01-01') })).toThrow(
      'the approval that this plan was made with ran out on 2999-12-31',
    )
  })
})

test('a plan does not call approved what had run out by the day it was made', async () => {
  const plan = await teardown(undefined)
  const shown = (createdAt: string): string =>
    planText({ ...plan, volatile: { ...plan.volatile, createdAt } }, { style: textStyle(false, 200), next: '' })
  expect(shown('2999-12-31T23:00:00Z')).toContain('approved until 2999-12-31: r')
  expect(shown('3000-01-01T00:00:00Z')).toContain('ran out on 2999-12-31')
  expect(shown('3000-01-01T00:00:00Z')).toContain('1 approval missing')
})
