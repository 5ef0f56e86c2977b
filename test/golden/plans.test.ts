import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parsePlan, planText as planFileText } from '../../src/plan/plan-file.js'
import type { Plan } from '../../src/plan/plan.js'
import { nextAfterPlan } from '../../src/cli/next-command.js'
import { planText } from '../../src/render/plan/plan-text.js'
import { textStyle } from '../../src/render/text/style.js'
import { planScenario } from './plan-scenario.js'
import { readScenario } from './scenario.js'
import { emptyServers, type GoldenServers, startGoldenServers, stopGoldenServers } from './servers.js'

const PLANS = path.join(import.meta.dirname, '../../plans')
const SCENARIOS = readdirSync(PLANS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

let servers: GoldenServers

beforeAll(async () => {
  servers = await startGoldenServers()
})
afterEach(() => emptyServers(servers))
afterAll(() => stopGoldenServers(servers))

/** `npm run golden` writes the files anew; review what changed in them as you would review code. */
test.each(SCENARIOS)('the plan of %s is as reviewed, and the same whenever it is made', async (name) => {
  const scenario = await readScenario(name)
  const { plan, again, fromSameLook } = await planScenario(scenario, servers)
  const file = planFileText(withoutVolatile(plan))
  expect(planFileText(withoutVolatile(fromSameLook()))).toBe(file)
  expect(planFileText(withoutVolatile(await again()))).toBe(file)
  expect(parsePlan(file, 'plan.json').plan).toEqual(JSON.parse(JSON.stringify(withoutVolatile(plan))))
  await expect(file).toMatchFileSnapshot(path.join(scenario.folder, 'plan.json'))
  const next = nextAfterPlan(plan, { file: 'belt.yaml' }, undefined)
  const text = planText(plan, { style: textStyle(false), withoutVolatile: true, next })
  await expect(text).toMatchFileSnapshot(path.join(scenario.folder, 'plan.txt'))
})

function withoutVolatile(plan: Plan): Plan {
  const { createdAt } = plan.volatile
  return { ...plan, volatile: { createdAt, estimates: {}, activity: [], copyRows: 0, copyBytes: 0 } }
}
