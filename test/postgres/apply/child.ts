import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { writePlanFile, type SavedPlan } from '../../../src/plan/plan-file.js'
import { startBelt, type BeltRun, type RunningBelt } from '../../support/run-belt.js'
import type { TestMigration } from './migration.js'

/** Applies the plan in a process of its own, which a SIGKILL ends at `fault` (BELT_FAULT: `point:action`). */
export async function startChild(migration: TestMigration, saved: SavedPlan, fault?: string): Promise<RunningBelt> {
  const { text, env, folder } = migration
  await writeFile(path.join(folder, 'belt.yaml'), `${text}\n`)
  await writePlanFile(path.join(folder, 'plan.json'), saved.plan)
  const args = ['apply', 'plan.json', '--lock-timeout', '20s', '--yes']
  return startBelt(args, { cwd: folder, env: { ...env, BELT_FAULT: fault } })
}

export async function runChild(migration: TestMigration, saved: SavedPlan, fault?: string): Promise<BeltRun> {
  return (await startChild(migration, saved, fault)).done
}
