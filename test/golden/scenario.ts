import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { EngineName, Stage } from '../../src/spec/spec.js'
import { type Login, withClient } from '../support/databases.js'

/**
 * A folder of `plans`: what stands on both servers (`source.sql`, `target.sql`), the spec, and the plan that follows.
 * Where more than that happens, `story.yaml` tells it.
 */
export interface Scenario {
  readonly name: string
  readonly folder: string
  readonly spec: string
  readonly engine: EngineName
  readonly story: readonly Step[]
}

export type Step =
  /** Planned and applied, as if everything were approved. */
  | { readonly reach: Stage }
  /** Runs `<run>-source.sql` and `<run>-target.sql`. */
  | { readonly run: string }
  /** Plans what the spec says, but for what stands here, and compares with the files in that folder of the scenario. */
  | { readonly plan: string; readonly stage?: Stage; readonly restart?: true }

const PLANS = path.join(import.meta.dirname, '../../plans')

/** Of one engine, for each needs servers of its own. */
export function scenariosOf(engine: EngineName): readonly string[] {
  return readdirSync(PLANS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => engineOf(readFileSync(path.join(PLANS, name, 'spec.yaml'), 'utf8')) === engine)
    .sort()
}

export async function readScenario(name: string): Promise<Scenario> {
  const folder = path.join(PLANS, name)
  const spec = await readFile(path.join(folder, 'spec.yaml'), 'utf8')
  return { name, folder, spec, engine: engineOf(spec), story: await readStory(path.join(folder, 'story.yaml')) }
}

function engineOf(spec: string): EngineName {
  return (parse(spec) as { readonly engine?: EngineName }).engine ?? 'native'
}

const MEMBERS: ReadonlySet<string> = new Set(['reach', 'run', 'plan', 'stage', 'restart'])

async function readStory(file: string): Promise<readonly Step[]> {
  if (!existsSync(file)) return [{ plan: '.' }]
  const story = parse(await readFile(file, 'utf8')) as readonly Step[]
  for (const step of story) {
    const unknown = Object.keys(step).find((key) => !MEMBERS.has(key))
    if (unknown !== undefined) throw new Error(`${file}: what is ${unknown}?`)
  }
  return story
}

/**
 * Runs a file of the scenario if it has it. A paragraph that begins with `-- alone` runs by itself, outside a
 * transaction; one that begins with `-- fails` must be refused, as it was in the story; `-- again until true` is asked
 * until the first column of its row is true.
 */
export async function runFile(scenario: Scenario, file: string, login: Login): Promise<void> {
  const from = path.join(scenario.folder, file)
  if (!existsSync(from)) return
  const parts = (await readFile(from, 'utf8')).split(/^(?=-- (?:alone|fails|and then|again until true)\b)/m)
  await withClient(login, async (client) => {
    for (const part of parts) {
      if (part.startsWith('-- again until true')) {
        for (const until = Date.now() + 60_000; ;) {
          const { rows } = await client.query<Record<string, unknown>>(part)
          if (Object.values(rows[0] ?? {})[0] === true) break
          if (Date.now() > until) throw new Error(`${scenario.name}/${file}: this did not come true: ${part}`)
          await client.query('select pg_sleep(0.1)')
        }
      } else if (!part.startsWith('-- fails')) await client.query(part)
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
