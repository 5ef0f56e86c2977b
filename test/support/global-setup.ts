import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startBroker } from './broker.js'
import './broker-client.js'
import { processesIn } from './leaks.js'

/**
 * One folder for every temporary file of the run, one broker for what its test files share. After the run nothing may
 * be left that works in that folder: neither a server nor a belt.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = process.env['TMPDIR']
  const folder = await mkdtemp(path.join(os.tmpdir(), 'belt-test-'))
  await chmod(folder, 0o755)
  process.env['TMPDIR'] = folder
  const broker = await startBroker(project.config.root)
  project.provide('broker', broker.url)
  return async () => {
    await broker.close()
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    const left = await processesIn(folder, 60_000)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    if (left.length === 0) return
    // Vitest prints an error of a teardown and still exits with 0.
    process.exitCode = 1
    throw new Error(`processes were left running after the tests:\n${left.join('\n')}`)
  }
}
