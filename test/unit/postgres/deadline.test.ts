import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { startDeadline, withDeadline } from '../../../src/postgres/deadline.js'

const MS = 400

/** The collector itself, as `node --expose-gc` lends it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

test('fires when the time is up, also when nothing else holds it and the collector has run', async () => {
  const collect = collector()
  const fired = (() => {
    const { signal } = startDeadline(MS, new AbortController().signal)
    // As the code does it: of the signal only what listens to it is left.
    const composite = AbortSignal.any([signal, new AbortController().signal])
    return new Promise<string>((resolve) => composite.addEventListener('abort', () => resolve('fired'), { once: true }))
  })()
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    collect()
  }
  const never = new Promise<string>((resolve) => setTimeout(() => resolve('never'), 5 * MS))
  expect(await Promise.race([fired, never])).toBe('fired')
})

test('says whether the time was up or somebody else fired before', async () => {
  const other = new AbortController()
  const early = startDeadline(20, other.signal)
  other.abort(new Error('mine'))
  expect(early.signal.reason).toMatchObject({ message: 'mine' })
  await new Promise((resolve) => setTimeout(resolve, 40))
  expect(early.passed()).toBe(false)
  early.end()
  expect(startDeadline(20, other.signal).signal.aborted).toBe(true)
})

test('fires no more once the work is over', async () => {
  const other = new AbortController()
  const kept = await withDeadline(10, [other.signal], (signal) => Promise.resolve(signal))
  other.abort()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(kept.aborted).toBe(false)
})

test('a time that no timer can hold is long, not short', async () => {
  const deadline = startDeadline(2 ** 40)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(deadline.signal.aborted).toBe(false)
  deadline.end()
})
