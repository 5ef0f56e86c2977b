import { expect, test } from 'vitest'
import { keyless, table } from './support/catalog.js'
import { readyForCutover } from './support/cutover.js'
import { planOf, type Situation } from './support/planned.js'
import { HELD } from './support/troubles/restart.js'

const activity = (mode: string) => ({
  openTransactions: [],
  preparedTransactions: [],
  sessionsByRole: [],
  heldLocks: [{ ...HELD, mode }],
})
const holders = async (situation: Situation): Promise<readonly string[]> =>
  (await planOf(situation)).volatile.activity
    .filter((d) => d.code === 'lock-holder')
    .map((d) => `${String(d.side)} ${d.message}`)

test('who holds what a publication waits for is named: VACUUM, and not who writes rows', async () => {
  const source = { tables: [table('orders')] }
  expect(await holders({ source: { ...source, activity: activity('ShareUpdateExclusiveLock') } })).toEqual([
    expect.stringMatching(/^source pid 4711/),
  ])
  expect(await holders({ source: { ...source, activity: activity('RowExclusiveLock') } })).toEqual([])
})

test('whoever is on the side that will be closed holds up nothing of the pause, and who looks at the other does', async () => {
  const firing = [{ schema: 'public', table: 'orders', name: 'noted', enabled: 'always' as const }]
  const source = { tables: [table('orders')], triggers: firing, activity: activity('RowExclusiveLock') }
  const target = { ...source, triggers: firing.map((t) => ({ ...t, enabled: 'disabled' as const })) }
  const found = await holders(readyForCutover({ source, target, streamed: ['orders'] }))
  expect(found).toEqual([expect.stringMatching(/^target pid 4711/)])
})

test('a keyless table scans on whichever side before 16 applies to it', async () => {
  const scanned = async (from: number, to: number, ...lines: readonly string[]): Promise<readonly string[]> =>
    (await planOf({ from, to, source: { tables: [keyless('log')] }, lines })).actions.flatMap((a) =>
      a.hazards.filter((h) => h.code === 'full-scan-apply').map(() => a.side),
    )
  expect(await scanned(15, 17)).toEqual(['source'])
  expect(await scanned(15, 17, 'reverse: { enabled: false }')).toEqual([])
  expect(await scanned(14, 15)).toEqual(['target', 'source'])
  expect(await scanned(16, 17)).toEqual([])
})
