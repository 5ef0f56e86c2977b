import { expect, test } from 'vitest'
import type { BeltError } from '../../../src/core/error.js'
import { keepLock } from '../../../src/postgres/keep-lock.js'
import { lockKeyAsOids, runLockKey } from '../../../src/postgres/lock-key.js'

test('a lineage always gives the same key, and pg_locks shows it unsigned', () => {
  expect(runLockKey('a')).toEqual(runLockKey('a'))
  expect(runLockKey('a')).not.toEqual(runLockKey('b'))
  expect(lockKeyAsOids({ classId: 1, objectId: -1 })).toEqual([1, 4294967295])
})

const never = new AbortController().signal

test('the holder is told when the server no longer shows the lock as held', async () => {
  const answers = [true, true, false]
  const reason = await keepLock(
    { lost: never },
    5,
    () => Promise.resolve(answers.shift() ?? true),
    (lost) =>
      new Promise<unknown>((resolve) =>
        lost.addEventListener('abort', () => {
          resolve(lost.reason)
        }),
      ),
  )
  expect((reason as BeltError).code).toBe('lock-lost')
  expect(answers).toEqual([])
})

test('the holder is told when the question fails', async () => {
  const reason = await keepLock(
    { lost: never },
    5,
    () => Promise.reject(new Error('no answer')),
    (lost) =>
      new Promise<unknown>((resolve) =>
        lost.addEventListener('abort', () => {
          resolve(lost.reason)
        }),
      ),
  )
  expect((reason as BeltError).message).toBe('the run lock was lost: no answer')
})

test('nothing is asked after the work is done', async () => {
  let asked = 0
  const result = await keepLock(
    { lost: never },
    5,
    () => Promise.resolve(++asked > 0),
    () => Promise.resolve('done'),
  )
  const before = asked
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect([result, asked]).toEqual(['done', before])
})

test('the holder is told when the server does not answer, and is not kept waiting for it at the end', async () => {
  const silent = (): Promise<boolean> => new Promise(() => undefined)
  const reason = await keepLock(
    { lost: never },
    5,
    silent,
    (lost) => new Promise<unknown>((resolve) => lost.addEventListener('abort', () => resolve(lost.reason))),
  )
  expect((reason as BeltError).message).toBe('the run lock was lost: the server has not answered for 0.01 s')
  const ended = keepLock(
    { lost: never },
    10,
    silent,
    () => new Promise<string>((resolve) => setTimeout(() => resolve('ended'), 15)),
  )
  expect(await ended).toBe('ended')
})
