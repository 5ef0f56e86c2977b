import { expect, it } from 'vitest'
import { planDigest } from '../../../src/plan/plan-digest.js'
import { planJson } from '../../../src/render/plan/plan-json.js'
import { EMPTY_PLAN, SMALL_PLAN } from './support/plan.js'

it('gives a plan as versioned JSON with what a script asks first', () => {
  expect(JSON.parse(planJson(SMALL_PLAN, 'belt apply x'))).toEqual({
    v: 1,
    type: 'plan',
    digest: planDigest(SMALL_PLAN),
    applicable: true,
    changes: true,
    totals: { create: 4, change: 0, drop: 0, run: 1, gate: 0, repair: 0 },
    plan: SMALL_PLAN,
    next: 'belt apply x',
  })
  expect(JSON.parse(planJson(EMPTY_PLAN, 'x'))).toMatchObject({ changes: false, applicable: true })
})
