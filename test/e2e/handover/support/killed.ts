import { expect } from 'vitest'
import { rowsOf } from '../../breadth/support/rows.js'
import { ready, type Ready } from './ready.js'
import { as, letsIn, trade } from './shop.js'
import { behind } from './stand.js'

/** How a killed handover ended when the same plan was applied again. */
export type Ending = 'went on' | 'given up'

/**
 * Hands over and back, each time with belt killed by SIGKILL behind another action of the pause, and the same plan
 * applied again. `chosen` picks from the kinds of a cutover's pause; every odd one is tried at a rollback.
 */
export async function killHandovers(
  chosen: (words: readonly string[]) => readonly string[],
): Promise<readonly Ending[]> {
  const all = await ready('killed', { max_pause: '60s' })
  const { life } = all
  await life.ask('cutover')
  const words = (await life.plan()).actions.filter((a) => a.phase === 'pause').map((a) => wordOf(a.id))
  const endings: Ending[] = []
  for (const [index, word] of chosen([...new Set(words)]).entries()) {
    const stage = index % 2 === 0 ? 'cutover' : 'rolled-back'
    if (stage === 'cutover' && index > 0) await life.reach('replicating')
    endings.push(await killOne(all, stage, word, index))
  }
  return endings
}

async function killOne(all: Ready, stage: 'cutover' | 'rolled-back', word: string, round: number): Promise<Ending> {
  const { life, shop } = all
  const [from, to] = stage === 'cutover' ? [all.source, all.target] : [all.target, all.source]
  await life.ask(stage)
  const { actions } = await life.plan()
  const action = actions.find((a) => a.phase === 'pause' && wordOf(a.id) === word)
  // Constraints and the like belong to the first cutover only.
  if (action === undefined) {
    await life.reach(stage)
    return 'went on'
  }
  const killed = await life.killedAt(`after-sql:${action.id}`, 'apply', 'plan.json')
  expect(killed, action.id + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  expect([await letsIn(from, shop.app), await letsIn(to, shop.app)], action.id).toEqual([false, word === 'open'])
  const again = await life.belt('apply', 'plan.json')
  if (again.code === 4) {
    expect(again.stderr, action.id).toContain('handover-given-up')
    expect([await letsIn(from, shop.app), await letsIn(to, shop.app)], action.id).toEqual([true, false])
    await trade(as(from, shop.app), 100 + round)
    await life.reach(stage)
  } else expect(again, action.id + again.stderr).toMatchObject({ code: 0 })
  expect([await letsIn(from, shop.app), await letsIn(to, shop.app)], action.id).toEqual([false, true])
  expect(await behind(to, from)).toEqual([])
  await expect.poll(() => rowsOf(to)).toEqual(await rowsOf(from))
  await trade(as(to, shop.app), round + 1)
  return again.code === 4 ? 'given up' : 'went on'
}

/** `fence.source` and `fence.target` are the same step of a handover. */
function wordOf(id: string): string {
  return id
    .split('.')
    .slice(0, id.startsWith('stop.') || id.startsWith('sequences.') ? 2 : 1)
    .join('.')
}
