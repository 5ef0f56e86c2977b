import { describe, expect, test } from 'vitest'
import type { Trigger } from '../../../src/catalog/relations.js'
import { objectKey } from '../../../src/catalog/object-key.js'
import { fingerprint } from '../../../src/core/fingerprint.js'
import { MINIMAL } from '../spec/load-text.js'
import { schemaObject, table, tableObject } from './support/catalog.js'
import { findingsOf, type Situation } from './support/planned.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { script } from './support/catalog.js'

const TRIGGER = { schema: 'public', table: 'orders', name: 'audit', enabled: 'origin' } as unknown as Trigger
const ON = { schema: 'public', name: 'orders' }
const OFF = schemaObject('trigger enablement', 'audit', {
  key: objectKey('trigger enablement', 'public', 'orders', 'audit'),
  table: ON,
  enablement: 'disabled',
  statements: ['ALTER TABLE public.orders DISABLE TRIGGER audit'],
})
const SECURED = schemaObject('row security', 'orders', { table: ON })
const SIDE = { tables: [table('orders')], triggers: [TRIGGER] }
const CUTOVER = MINIMAL.replace('stage: replicating', 'stage: cutover')

async function driftOf(situation: Situation): Promise<readonly string[]> {
  return (await findingsOf(situation)).filter((d) => d.code === 'drift-object').map((d) => d.message)
}

describe('what was switched on the target by hand', () => {
  test.each([MINIMAL, CUTOVER])('stands only there (%#)', async (spec) => {
    const source = { ...SIDE, ...script(tableObject('orders')) }
    const target = { ...SIDE, ...script(tableObject('orders'), OFF, SECURED) }
    expect(await driftOf({ spec, source, target })).toEqual([
      'row security public.orders stands only on the target: CREATE ROW SECURITY orders',
      'trigger enablement public.orders.audit stands only on the target: ALTER TABLE public.orders DISABLE TRIGGER audit',
    ])
  })

  test('was taken back there', async () => {
    const source = { ...SIDE, ...script(tableObject('orders'), OFF) }
    const target = { ...SIDE, ...script(tableObject('orders')) }
    expect(await driftOf({ spec: CUTOVER, source, target })).toEqual([
      'trigger enablement public.orders.audit is not on the target: ALTER TABLE public.orders DISABLE TRIGGER audit',
    ])
    expect(await driftOf({ source, target })).toEqual([])
  })

  test('a trigger that belt made disabled is none', async () => {
    const always = { ...OFF, enablement: 'always' as const, statements: ['… ENABLE ALWAYS TRIGGER audit'] }
    const source = { ...SIDE, ...script(tableObject('orders'), always) }
    const target = { ...SIDE, ...script(tableObject('orders'), OFF) }
    expect(await driftOf({ spec: CUTOVER, source, target })).toEqual([])
  })
})

describe('grants', () => {
  const RO = 'GRANT SELECT ON TABLE public.orders TO "Clinic.RO"'
  const APP = 'GRANT SELECT,INSERT ON TABLE public.orders TO app'
  const MORE = 'GRANT DELETE ON TABLE public.orders TO other'
  const grant = (...statements: readonly string[]): ReturnType<typeof schemaObject> =>
    schemaObject('grant', 'orders', { key: objectKey('grant', 'table', 'public.orders'), table: ON, statements })
  const noted = (statements: readonly string[]): string => fingerprint({ statements })
  const situation = (target: readonly string[]): Situation => ({
    source: { ...SIDE, ...script(tableObject('orders'), grant(RO, APP)) },
    target: { ...SIDE, ...script(tableObject('orders'), grant(...target)) },
    state: {
      ...STREAMING_STATE,
      pairs: { [grant().key]: { source: noted([RO, APP]), target: noted([MORE, RO, APP]) } },
    },
  })

  test('in another order are the same, of the source and of what was noted', async () => {
    expect(await driftOf(situation([APP, RO]))).toEqual([])
    expect(await driftOf(situation([APP, MORE, RO]))).toEqual([])
  })

  test('that differ are named', async () => {
    expect(await driftOf(situation([APP]))).toEqual([
      `${grant().key} has changed on the target since belt made the pair: only on the source: ${RO}`,
    ])
  })
})
