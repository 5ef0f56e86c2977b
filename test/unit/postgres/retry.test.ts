import { describe, expect, test } from 'vitest'
import type { BeltError } from '../../../src/core/error.js'
import { classifyError, ConnectError, ConnectionLostError } from '../../../src/postgres/driver-error.js'
import { retry, type RetryEvent, type RetryOptions } from '../../../src/postgres/retry.js'
import { SqlError } from '../../../src/postgres/server-error.js'
import { classifySqlState } from '../../../src/postgres/sqlstate.js'

const sqlError = (sqlState: string): SqlError =>
  new SqlError('sql-failed', 'it failed', { sqlState, message: 'it failed' })

/** Fails with these errors one after the other, then succeeds. */
function failing(errors: readonly Error[]): (attempt: number) => Promise<number> {
  return async (attempt) => {
    const error = errors[attempt - 1]
    if (error !== undefined) throw error
    return Promise.resolve(attempt)
  }
}

const quick = (more: Partial<RetryOptions> = {}): RetryOptions => ({
  signal: new AbortController().signal,
  baseMs: 1,
  capMs: 4,
  ...more,
})

describe('retrying', () => {
  test('repeats what may succeed later, waiting longer each time', async () => {
    const events: RetryEvent[] = []
    const errors = ['40001', '40P01', '55P03', '57P03', '53300'].map(sqlError)
    const options = quick({ random: () => 1, onRetry: (event) => events.push(event) })
    expect(await retry(failing(errors), options)).toBe(6)
    expect(events.map((event) => event.waitMs)).toEqual([1, 2, 4, 4, 4])
    expect(events.map((event) => event.attempt)).toEqual([1, 2, 3, 4, 5])
    expect(events.map((event) => event.error)).toEqual(errors)
  })

  test('spreads the waits between half and whole', async () => {
    const waits: number[] = []
    const options = { baseMs: 100, capMs: 100, onRetry: (event: RetryEvent) => waits.push(event.waitMs) }
    for (const random of [0, 0.5]) {
      await retry(failing([sqlError('40001')]), quick({ ...options, random: () => random }))
    }
    expect(waits).toEqual([50, 75])
  })

  test('gives up at once on what cannot succeed, with the error itself', async () => {
    const error = sqlError('42P01')
    await expect(retry(failing([error]), quick())).rejects.toBe(error)
    const unknown = new TypeError('a bug')
    await expect(retry(failing([unknown]), quick())).rejects.toBe(unknown)
  })

  test('repeats work whose connection was lost only when told that it may run twice', async () => {
    const lost = new ConnectionLostError('connection-lost', 'gone')
    await expect(retry(failing([lost]), quick())).rejects.toBe(lost)
    expect(await retry(failing([lost]), quick({ reconnects: true }))).toBe(2)
  })

  test('begins no try after the time is up', async () => {
    const error = sqlError('55P03')
    const started = performance.now()
    await expect(retry(() => Promise.reject(error), quick({ maxMs: 100, baseMs: 20, capMs: 20 }))).rejects.toBe(error)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('stops waiting when asked to stop', async () => {
    const stop = new AbortController()
    const started = performance.now()
    const result = retry(
      () => Promise.reject(sqlError('55P03')),
      quick({ signal: stop.signal, baseMs: 50_000, capMs: 50_000 }),
    )
    setTimeout(() => {
      stop.abort()
    }, 20)
    await expect(result).rejects.toMatchObject({ code: 'aborted' } satisfies Partial<BeltError>)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('failures are classified', () => {
  test.each([
    ['40001', 'retryable'],
    ['40P01', 'retryable'],
    ['55P03', 'retryable'],
    ['57P03', 'retryable'],
    ['53300', 'retryable'],
    ['08006', 'connection-lost'],
    ['08P01', 'connection-lost'],
    ['57P01', 'connection-lost'],
    ['25P03', 'connection-lost'],
    ['57014', 'permanent'],
    ['42501', 'permanent'],
    ['XX000', 'permanent'],
  ] as const)('%s is %s', (sqlState, expected) => {
    expect(classifySqlState(sqlState)).toBe(expected)
    expect(classifyError(sqlError(sqlState))).toBe(expected)
  })

  test('attempts to connect by whether waiting may help', () => {
    const attempt = (transient: boolean): ConnectError => new ConnectError('connect-failed', 'refused', { transient })
    expect([attempt(true), attempt(false)].map(classifyError)).toEqual(['retryable', 'permanent'])
  })
})
