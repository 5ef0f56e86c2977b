import { expect, test } from 'vitest'
import { withoutLivePause } from '../../../src/cli/commands/drift.js'
import type { Diagnostic } from '../../../src/core/diagnostic.js'
import { hasDrift } from '../../../src/render/drift.js'
import { SMALL_PLAN } from '../render/support/plan.js'

const alarm = (code: string): Diagnostic => ({ severity: 'error', code, message: code })
const HALF = alarm('drift-handover-half-way')
const held =
  (...holders: readonly string[]) =>
  (): Promise<readonly unknown[]> =>
    Promise.resolve(holders)

test('a pause that a run is carrying out is no drift; one that nobody carries out is', async () => {
  const found = { plan: SMALL_PLAN, replicates: true, alarms: [HALF, alarm('drift-subscription-disabled')] }
  expect(hasDrift(await withoutLivePause(found, held('belt/shop/r1')))).toBe(false)
  expect(await withoutLivePause(found, held())).toEqual(found)
})

test('other alarms stay while a run works, and without such an alarm nobody is asked for the lock', async () => {
  const gone = alarm('replication-broken')
  const { alarms } = await withoutLivePause(
    { plan: SMALL_PLAN, replicates: true, alarms: [gone, HALF] },
    held('belt/shop/r1'),
  )
  expect(alarms).toEqual([gone])
  const never = (): Promise<never> => Promise.reject(new Error('asked'))
  expect(await withoutLivePause({ plan: SMALL_PLAN, replicates: true, alarms: [gone] }, never)).toEqual({
    plan: SMALL_PLAN,
    replicates: true,
    alarms: [gone],
  })
})
