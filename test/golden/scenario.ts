import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Login, withClient } from '../support/databases.js'

/** Scenarios of which the plan is made after a first plan was applied. */
const APPLIED_FIRST: ReadonlySet<string> = new Set([
  'changed-since',
  'drifted-target',
  'invalid-index-left-behind',
  'nothing-to-do',
])

/**
 * A folder of `plans`: what stands on both servers (`source.sql`, `target.sql`), the spec, and the plan that follows.
 * Where a first plan is applied before, `then-source.sql` and `then-target.sql` tell what happened since.
 */
export interface Scenario {
  readonly name: string
  readonly folder: string
  readonly spec: string
  readonly appliedFirst: boolean
}

const PLANS = path.join(import.meta.dirname, '../../plans')

export async function readScenario(name: string): Promise<Scenario> {
  const folder = path.join(PLANS, name)
  const spec = await readFile(path.join(folder, 'spec.yaml'), 'utf8')
  return { name, folder, spec, appliedFirst: APPLIED_FIRST.has(name) }
}

/**
 * Runs a file of the scenario if it has it. A paragraph that begins with `-- alone` runs by itself, outside a
 * transaction; one that begins with `-- fails` must be refused, as it was in the story.
 */
export async function runFile(scenario: Scenario, file: string, login: Login): Promise<void> {
  const from = path.join(scenario.folder, file)
  if (!existsSync(from)) return
  const parts = (await readFile(from, 'utf8')).split(/^(?=-- (?:alone|fails|and then)\b)/m)
  await withClient(login, async (client) => {
    for (const part of parts) {
      if (!part.startsWith('-- fails')) await client.query(part)
      else {
        const refused = await client.query(part).then(
          () => false,
          () => true,
        )
        if (!refused) throw new Error(`${scenario.name}/${file}: this was expected to fail: ${part}`)
      }
    }
  })
}
