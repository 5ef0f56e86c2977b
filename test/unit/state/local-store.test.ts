import { appendFile, mkdtemp, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fc } from '../../support/properties.js'
import { beforeEach, describe, expect, test } from 'vitest'
import { localStateStore } from '../../../src/state/local-store.js'
import { newState, type Migration } from '../../../src/state/new-state.js'
import { StateDraft, afterTransition } from '../../../src/state/state-draft.js'
import type { Transition } from '../../../src/state/transition.js'

const server = { systemIdentifier: '7', database: 'd', host: 'h', port: 1, major: 15, version: '15' }
const MIGRATION: Migration = { name: 'shop', lineage: '0123456789abcdef', source: server, target: server }
const running = (action: string): Transition => ({ kind: 'action-running', action, plan: 'p', run: 'r', at: 't1' })
const done = (action: string, marks: readonly string[] = []): Transition => ({
  kind: 'action-done',
  action,
  plan: 'p',
  run: 'r',
  at: 't2',
  evidence: { ms: 1 },
  marks,
})

let file = ''
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(os.tmpdir(), 'state-')), 'folder', 'shop.json')
})

describe('a local state', () => {
  test('is private, and is there again after a clean end', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await state.append(running('a'))
    state.note(done('a', ['verified x']))
    await state.close()
    const found = await localStateStore(file).read()
    expect(found).toMatchObject({ serial: 2, stage: 'absent', marks: { 'verified x': { at: 't2' } } })
    expect(found?.actions['a']).toEqual({
      status: 'done',
      plan: 'p',
      run: 'r',
      startedAt: 't1',
      finishedAt: 't2',
      evidence: { ms: 1 },
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(`${file}.log`)).mode & 0o777).toBe(0o600)
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700)
    expect(await readFile(`${file}.log`, 'utf8')).toBe('')
  })

  test('is none before the first run', async () => {
    expect(await localStateStore(file).read()).toBeUndefined()
  })

  test('keeps what was appended when belt dies, at any byte of the journal', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await state.append(running('a'))
    const first = (await stat(`${file}.log`)).size
    await state.append(running('b'))
    const whole = (await stat(`${file}.log`)).size
    for (let size = whole; size >= first; size -= 7) {
      await truncate(`${file}.log`, size)
      const found = await localStateStore(file).read()
      expect(Object.keys(found?.actions ?? {})).toEqual(size === whole ? ['a', 'b'] : ['a'])
    }
    await truncate(`${file}.log`, whole - 1)
    const again = await localStateStore(file).open(MIGRATION)
    expect(again.torn).toBe(true)
    expect(again.current().actions['b']).toBeUndefined()
    await again.close()
  })

  test('has every change that is noted while earlier ones are on their way to the disk', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    const appends: Promise<void>[] = []
    for (let i = 0; i < 200; i += 1) {
      if (i % 3 === 0) appends.push(state.append(running(`a${i}`)))
      else state.note(done(`a${i}`))
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(appends)
    await state.append(running('last'))
    expect(await localStateStore(file).read()).toEqual(state.current())
    expect((await localStateStore(file).read())?.serial).toBe(201)
    await state.close()
    expect((await localStateStore(file).read())?.serial).toBe(201)
  })

  test('never says that a change is on disk after a write has failed', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await state.append(running('a'))
    await appendFile(`${file}.log`, 'somebody else')
    const [b, c] = [state.append(running('b')), state.append(running('c'))]
    await expect(b).rejects.toMatchObject({ code: 'state-newer' })
    await expect(c).rejects.toMatchObject({ code: 'state-newer' })
    await truncate(`${file}.log`, (await stat(`${file}.log`)).size - 'somebody else'.length)
    await expect(state.append(running('d'))).rejects.toMatchObject({ code: 'state-newer' })
    await expect(state.close()).rejects.toMatchObject({ code: 'state-newer' })
  })

  test('takes no line twice when belt dies between snapshot and journal', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await state.append(running('a'))
    const log = await readFile(`${file}.log`, 'utf8')
    await state.close()
    await writeFile(`${file}.log`, log)
    expect((await localStateStore(file).read())?.serial).toBe(1)
  })

  test('of another migration is refused', async () => {
    await (await localStateStore(file).open(MIGRATION)).close()
    const other = { ...MIGRATION, lineage: 'fedcba9876543210' }
    await expect(localStateStore(file).open(other)).rejects.toMatchObject({ code: 'state-other-lineage' })
  })

  test('that another run has written meanwhile is not written over', async () => {
    const mine = await localStateStore(file).open(MIGRATION)
    await mine.append(running('a'))
    const other = await localStateStore(file).open(MIGRATION)
    await expect(mine.append(running('b'))).rejects.toMatchObject({ code: 'state-newer' })
    await other.close()
    await expect(mine.close()).rejects.toMatchObject({ code: 'state-newer' })
  })

  test('of a newer belt, cut short, or with a gap is refused with the reason', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await state.append(running('a'))
    await state.append(running('b'))
    const lines = (await readFile(`${file}.log`, 'utf8')).split('\n')
    await state.close()
    const whole = await readFile(file, 'utf8')
    const refused = async (code: string): Promise<void> => {
      await expect(localStateStore(file).read()).rejects.toMatchObject({ code })
    }
    await writeFile(file, whole.replace('belt-state/1', 'belt-state/2'))
    await refused('state-newer')
    await writeFile(file, whole.slice(0, 40))
    await refused('state-damaged')
    await writeFile(file, '{"format":"belt-state/1"}')
    await refused('state-damaged')
    await writeFile(file, whole)
    await appendFile(`${file}.log`, `${(lines[1] ?? '').replace('"serial":2', '"serial":9')}\n`)
    await refused('state-damaged')
    await writeFile(`${file}.log`, 'rubbish\n')
    await refused('state-damaged')
  })

  test('takes entries of the same moment in one write, in order', async () => {
    const state = await localStateStore(file).open(MIGRATION)
    await Promise.all(Array.from({ length: 50 }, (_, n) => state.append(running(`a${String(n)}`))))
    expect(Object.keys((await localStateStore(file).read())?.actions ?? {})).toHaveLength(50)
    await state.close()
  })
})

test('a draft and single transitions come to the same state', () => {
  const transition = fc.oneof(
    fc.constantFrom('a', 'b').map(running),
    fc.constantFrom('a', 'b').map((id) => done(id, ['m'])),
    fc.constant<Transition>({ kind: 'marks-dropped', marks: ['m'] }),
    fc.constant<Transition>({ kind: 'stage-reached', stage: 'prepared' }),
    fc.constant<Transition>({
      kind: 'server-identified',
      side: 'target',
      server: { ...MIGRATION.target, timeline: 2 },
    }),
    fc.constant<Transition>({ kind: 'paused', paused: { action: 'v', subscription: 's', resume: 'x', at: 't' } }),
    fc.constant<Transition>({ kind: 'resumed' }),
    fc.constant<Transition>({ kind: 'action-failed', action: 'a', plan: 'p', run: 'r', at: 't', error: 'no' }),
  )
  fc.assert(
    fc.property(fc.array(transition), (transitions) => {
      const draft = new StateDraft(newState(MIGRATION))
      for (const t of transitions) draft.apply(t)
      expect(draft.toState()).toEqual(transitions.reduce(afterTransition, newState(MIGRATION)))
      expect(draft.serial).toBe(transitions.length)
    }),
  )
})

describe('a state that is read beside a run', () => {
  test('is one that there was, whatever the run does between two looks', async () => {
    const first = await localStateStore(file).open(MIGRATION)
    await first.append(running('a'))
    await first.close()
    const run = { over: false }
    const writing = (async () => {
      for (let round = 0; round < 4; round += 1) {
        const state = await localStateStore(file).open(MIGRATION)
        for (let nth = 0; nth < 3; nth += 1) await state.append(running(`${String(round)}.${String(nth)}`))
        await state.close()
      }
      run.over = true
    })()
    let latest = 0
    while (!run.over) {
      const { serial = 0, actions = {} } = (await localStateStore(file).read()) ?? {}
      expect(serial).toBeGreaterThanOrEqual(latest)
      expect(Object.keys(actions)).toHaveLength(serial)
      latest = serial
    }
    await writing
    expect((await localStateStore(file).read())?.serial).toBe(13)
  })
})
