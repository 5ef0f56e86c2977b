import { expect } from 'vitest'
import { pauses, type HandoverWindow } from '../../../support/ledger-check.js'
import type { ServingSide } from '../../../support/ledger-client.js'
import { random } from '../../../support/ledger-random.js'
import type { Stage } from '../../../../src/spec/spec.js'
import type { Migration } from './migration.js'
import { expectWhole, ledgerStand, type LedgerServers } from './ledger-stand.js'

export interface LedgerLife {
  readonly commits: number
  readonly pausesMs: readonly number[]
}

/**
 * Cutover, rollback and a second cutover while clients write all the time; fails unless every commit is there once. In the
 * second cutover belt is killed by SIGKILL at each of `faults`, and the same plan is applied again.
 */
export async function ledgerLife(
  seed: number,
  on: LedgerServers = {},
  faults: readonly string[] = [],
): Promise<LedgerLife> {
  const stand = await ledgerStand(seed, on)
  const { ledger, life } = stand
  const chance = random(seed)
  const windows: HandoverWindow[] = []
  const handOver = async (to: ServingSide, killed: readonly string[] = []): Promise<void> => {
    const begunAt = Date.now()
    const stage = to === 'target' ? 'cutover' : 'rolled-back'
    if (killed.length === 0) await life.reach(stage)
    else await reachKilled(life, stage, killed)
    windows.push({ from: to === 'target' ? 'source' : 'target', to, begunAt, endedAt: Date.now() })
    await ledger.progress(20 + Math.floor(chance() * 150))
  }
  await life.reach('replicating')
  await ledger.progress(20 + Math.floor(chance() * 150))
  await handOver('target')
  await handOver('source')
  await life.reach('replicating')
  await handOver('target', faults)
  const commits = await ledger.stop()

  await expectWhole(stand, 'target', commits, windows)
  const served = (side: ServingSide): number => commits.filter((c) => c.side === side).length
  expect(served('source')).toBeGreaterThan(80)
  expect(served('target')).toBeGreaterThan(40)
  return { commits: commits.length, pausesMs: pauses(commits, windows) }
}

async function reachKilled(life: Migration, stage: Stage, faults: readonly string[]): Promise<void> {
  // Each run takes its time, and the pause goes on meanwhile.
  await life.ask(stage, true, { cutover: { max_pause: '10m' } })
  await life.plan()
  for (const fault of faults) {
    const killed = await life.killedAt(fault, 'apply', 'plan.json')
    expect(killed, fault + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  }
  const last = await life.belt('apply', 'plan.json')
  expect(last, last.stderr).toMatchObject({ code: 0 })
}
