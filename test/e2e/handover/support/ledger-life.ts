import { expect } from 'vitest'
import { pauses, type HandoverWindow } from '../../../support/ledger-check.js'
import type { ServingSide } from '../../../support/ledger-client.js'
import { random } from '../../../support/ledger-random.js'
import { expectWhole, ledgerStand, type LedgerServers } from './ledger-stand.js'

export interface LedgerLife {
  readonly commits: number
  readonly pausesMs: readonly number[]
}

/** Cutover, rollback and a second cutover while clients write all the time; fails unless every commit is there once. */
export async function ledgerLife(seed: number, on: LedgerServers = {}): Promise<LedgerLife> {
  const stand = await ledgerStand(seed, on)
  const { ledger, life } = stand
  const chance = random(seed)
  const windows: HandoverWindow[] = []
  const handOver = async (to: ServingSide): Promise<void> => {
    const begunAt = Date.now()
    await life.reach(to === 'target' ? 'cutover' : 'rolled-back')
    windows.push({ from: to === 'target' ? 'source' : 'target', to, begunAt, endedAt: Date.now() })
    await ledger.progress(20 + Math.floor(chance() * 150))
  }
  await life.reach('replicating')
  await ledger.progress(20 + Math.floor(chance() * 150))
  await handOver('target')
  await handOver('source')
  await life.reach('replicating')
  await handOver('target')
  const commits = await ledger.stop()

  await expectWhole(stand, 'target', commits, windows)
  const served = (side: ServingSide): number => commits.filter((c) => c.side === side).length
  expect(served('source')).toBeGreaterThan(80)
  expect(served('target')).toBeGreaterThan(40)
  return { commits: commits.length, pausesMs: pauses(commits, windows) }
}
