import path from 'node:path'
import { expect } from 'vitest'
import { nextAfterPlan } from '../../src/cli/next-command.js'
import { parsePlan, planText as planFileText } from '../../src/plan/plan-file.js'
import type { Plan } from '../../src/plan/plan.js'
import { planText } from '../../src/render/plan/plan-text.js'
import { textStyle } from '../../src/render/text/style.js'
import { playScenario } from './plan-scenario.js'
import { readScenario } from './scenario.js'
import type { GoldenServers } from './servers.js'

/** Every plan of a scenario is the same whenever it is made, and as it was reviewed: `plan.json` and `plan.txt`. */
export async function checkScenario(name: string, servers: GoldenServers): Promise<void> {
  await playScenario(await readScenario(name), servers, async ({ folder, plan, again, fromSameLook }) => {
    const file = planFileText(withoutVolatile(plan))
    expect(planFileText(withoutVolatile(fromSameLook()))).toBe(file)
    expect(planFileText(withoutVolatile(await again()))).toBe(file)
    expect(parsePlan(file, 'plan.json').plan).toEqual(JSON.parse(JSON.stringify(withoutVolatile(plan))))
    // One that differs hides no other of the same story.
    await expect.soft(file).toMatchFileSnapshot(path.join(folder, 'plan.json'))
    const next = nextAfterPlan(plan, { file: 'belt.yaml' }, undefined)
    const text = planText(plan, { style: textStyle(false), withoutVolatile: true, next })
    await expect.soft(text).toMatchFileSnapshot(path.join(folder, 'plan.txt'))
  })
}

function withoutVolatile(plan: Plan): Plan {
  const { createdAt } = plan.volatile
  return { ...plan, volatile: { createdAt, estimates: {}, activity: [], copyRows: 0, copyBytes: 0 } }
}
