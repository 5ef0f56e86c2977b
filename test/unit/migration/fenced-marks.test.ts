import { expect, test } from 'vitest'
import type { BeltRecord } from '../../../src/catalog/catalog.js'
import { migrationContext } from '../../../src/migration/context.js'
import { fencedMark, noReturnMark } from '../../../src/migration/direction.js'
import { newState } from '../../../src/state/new-state.js'
import { emptyCatalog } from '../planner/support/catalog.js'
import { NAMES } from '../planner/support/troubles/trouble.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'

const FELL = '2026-11-05T10:00:00.000Z'
const drained = fencedMark({ word: 'cutover' }, 'drained')
const back = fencedMark({ word: 'rollback' }, 'drained')
const MARKS = [drained, back, noReturnMark('target'), 'verified table public.orders']

/** The marks that count, with fences that fell at these moments on the servers, on these timelines. */
async function marksWith(
  fences: Partial<Record<'source' | 'target', string>>,
  timeline = 1,
): Promise<readonly string[]> {
  const catalog = (side: 'source' | 'target'): ReturnType<typeof emptyCatalog> => {
    const empty = emptyCatalog(side, 15)
    const at = fences[side]
    const record: BeltRecord = {
      lineage: NAMES.lineage,
      action: `fence.${side}`,
      object: 'fence',
      before: null,
      at: at ?? '',
    }
    return { ...empty, server: { ...empty.server, timeline }, records: at === undefined ? [] : [record] }
  }
  const server = (systemIdentifier: string): Parameters<typeof newState>[0]['source'] => ({
    ...{ systemIdentifier, database: 'shop', host: 'h', port: 5432, major: 15, version: '15' },
  })
  const state = newState({ name: 'shop', lineage: NAMES.lineage, source: server('7001'), target: server('7002') })
  const marks = Object.fromEntries(MARKS.map((m) => [m, { at: FELL, evidence: { fence: FELL } }]))
  const inspection = {
    source: catalog('source'),
    target: catalog('target'),
    sameCluster: false,
    replicationLogin: { source: 'ok' as const, target: 'ok' as const },
  }
  const context = migrationContext(await loadGood(MINIMAL), inspection, { ...state, marks })
  return MARKS.filter((m) => context.marks.has(m) && m.startsWith('handover'))
}

test('what was proven behind a fence counts while that very fence stands, and no other', async () => {
  expect(await marksWith({ source: FELL })).toEqual([drained, noReturnMark('target')])
  expect(await marksWith({ target: FELL })).toEqual([back])
  expect(await marksWith({ source: '2026-11-05T10:00:01.000Z' })).toEqual([])
  expect(await marksWith({})).toEqual([])
})

test('on another timeline nothing that was proven counts', async () => {
  expect(await marksWith({ source: FELL, target: FELL }, 2)).toEqual([])
})
