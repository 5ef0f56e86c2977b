import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import type { Stage } from '../../../src/spec/spec.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { as, makeShop, trade } from '../handover/support/shop.js'
import { leftOfBelt } from '../handover/support/stand.js'

/** The plan for the stage that the databases are at, made without a state. */
async function planWithoutState(life: Migration, stage: Stage): Promise<Plan> {
  await life.ask(stage)
  await rm(path.dirname(life.statePath), { recursive: true })
  const plan = await life.plan()
  expect(plan.diagnostics.map((d) => d.code)).toContain('state-rebuilt')
  return plan
}

test('a migration whose state is lost at any stage is found where it is, and goes on from there', async () => {
  const databases = await ownPair('lost')
  const { source, target } = databases
  const shop = await makeShop(source)
  const life = await migration(databases, { copyRoles: [shop.app.name, shop.granted.name] })

  await life.reach('prepared')
  expect(await planWithoutState(life, 'prepared')).toMatchObject({ from: 'prepared', actions: [] })
  expect((await life.belt('status')).stdout).toContain('stage prepared')

  await life.reach('replicating')
  const proofs = await planWithoutState(life, 'replicating')
  expect(proofs.from).toBe('prepared')
  const provenAgain = ['analyze-tables', 'try-dial', 'await-lag', 'verify-rows']
  expect(proofs.actions.filter((a) => !provenAgain.includes(a.kind))).toEqual([])
  await life.ask('cutover')
  const early = await life.belt('plan')
  expect(early).toMatchObject({ code: 1 })
  expect(early.stdout.replaceAll(/\s+/g, ' ')).toContain('Set stage: replicating and apply first')
  await life.reach('replicating')

  await life.reach('cutover')
  expect(await planWithoutState(life, 'cutover')).toMatchObject({ from: 'cutover', actions: [] })
  await trade(as(target, shop.app), 1)
  await life.reach('rolled-back')
  expect(await planWithoutState(life, 'rolled-back')).toMatchObject({ from: 'rolled-back', actions: [] })
  await life.reach('replicating')
  await life.reach('cutover')
  await planWithoutState(life, 'cutover')
  await life.reach('rolled-back')
  await rm(path.dirname(life.statePath), { recursive: true })
  await life.reach('absent')
  for (const side of [source, target]) expect(await leftOfBelt(side, life.name, life.replicationRole)).toEqual([])
})
