import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fc } from '../../support/properties.js'
import { expect } from 'vitest'
import { localStateStore } from '../../../src/state/local-store.js'
import type { State } from '../../../src/state/state.js'
import { pair } from '../../support/servers.js'
import { expectConverged } from './converged.js'
import { CONCURRENT_INDEXES, smallShop } from './every-kind.js'
import { moveBetween, type Move } from './move.js'

/** Tears the journal of a killed apply at many places; `torn` says how many, and with which seed. */
export async function tearJournal(torn: { readonly numRuns: number; readonly seed?: number }): Promise<void> {
  const databases = await pair(15, 17, 'torn')
  await smallShop(databases.source)
  const move = await moveBetween(databases, { more: [CONCURRENT_INDEXES] })
  await move.plan()
  expect(await move.killedAt('after-intent:verify.rows', 'apply', 'plan.json')).toMatchObject({ signal: 'SIGKILL' })
  const log = `${move.statePath}.log`
  const whole = await readFile(log)
  for (const file of [move.statePath, log]) expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(path.dirname(move.statePath))).mode & 0o777).toBe(0o700)
  const { name, lineage, source, target } = await move.state()

  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (bytes) => {
      await writeFile(log, whole.subarray(0, bytes))
      const store = localStateStore(move.statePath)
      const lines = whole.subarray(0, bytes).toString('latin1').split('\n').length - 1
      expect((await store.read())?.serial).toBe(await serialAfter(move, lines, whole))
      // Opening it and closing it again keeps exactly that.
      const snapshot = await readFile(move.statePath)
      const open = await store.open({ name, lineage, source, target })
      expect(open.torn).toBe(bytes > 0 && whole[bytes - 1] !== 0x0a)
      const opened = open.current()
      await open.close()
      expect(await store.read()).toEqual(opened)
      await writeFile(move.statePath, snapshot)
    }),
    { ...torn, examples: [[0], [1], [whole.length - 1], [whole.length]] },
  )

  await writeFile(log, whole.subarray(0, whole.length - 7))
  const again = await move.belt('apply', 'plan.json')
  expect(again, again.stderr).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('cut short by a crash') as string,
  })
  expect((await stat(move.statePath)).mode & 0o777).toBe(0o600)
  await expectConverged(move)
}

async function serialAfter(move: Move, lines: number, whole: Buffer): Promise<number> {
  const { serial } = await move.state()
  const last = whole.toString('utf8').split('\n')[lines - 1]
  return last === undefined ? serial : (JSON.parse(last) as State).serial
}
