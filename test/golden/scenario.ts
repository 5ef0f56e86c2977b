import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { EngineName, Stage } from '../../src/spec/spec.js'
import { type Login, withClient } from '../support/databases.js'

/**
 * A folder of `plans`: what stands on both servers (`source.sql`, `target.sql`), the spec, and the plan that follows.
 * `story.yaml` tells what was applied before the plan is made; `then-source.sql` and `then-target.sql` what happened since.
 */
export interface Scenario extends Story {
  readonly name: string
  readonly folder: string
  readonly spec: string
  readonly engine: EngineName
}

interface Story {
  /** The stages that were reached one after the other, each by a plan of its own. */
  readonly reached: readonly Stage[]
  /** The plan is made with `--restart`. */
  readonly restart: boolean
}

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
  return { name, folder, spec, engine: engineOf(spec), ...(await readStory(path.join(folder, 'story.yaml'))) }
}

function engineOf(spec: string): EngineName {
  return (parse(spec) as { readonly engine?: EngineName }).engine ?? 'native'
}

async function readStory(file: string): Promise<Story> {
  const told = existsSync(file) ? (parse(await readFile(file, 'utf8')) as Partial<Story>) : {}
  for (const key of Object.keys(told)) {
    if (key !== 'reached' && key !== 'restart') throw new Error(`${file}: what is ${key}?`)
  }
  return { reached: told.reached ?? [], restart: told.restart ?? false }
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
        for (const until = Date.now() + 60_000; ; ) {
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
