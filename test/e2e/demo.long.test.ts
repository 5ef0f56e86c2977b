import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { runBelt } from '../support/run-belt.js'

test('belt demo goes over to the target and back, and its writers lose nothing', async () => {
  const run = await runBelt(['demo'], { cwd: tmpdir(), env: {}, timeoutMs: 280_000 })
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 })
  const stages = [...run.stdout.matchAll(/^shop is at stage ([a-z-]+):/gm)].map((m) => m[1])
  expect(stages).toEqual(['replicating', 'cutover', 'rolled-back', 'replicating'])
  expect(run.stdout).toContain('hazard: write-pause, action: fence.source')
  expect(run.stdout).toContain('hazard: write-pause, action: fence.target')
  expect(run.stdout).toMatch(/replication +target to source, streaming/)
  expect(
    [...run.stdout.matchAll(/^The writers noticed: \d+ ms from their last commit on the (\w+)/gm)].map((m) => m[1]),
  ).toEqual(['source', 'target'])
  const [, onSource, onTarget] = /Orders on the source: (\d+); on the target: (\d+)/.exec(run.stdout) ?? []
  expect(onSource).toBeDefined()
  expect(onTarget).toBe(onSource)
})
