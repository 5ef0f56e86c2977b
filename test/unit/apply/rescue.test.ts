import { beforeEach, expect, test, vi } from 'vitest'
import type { ApplyInput } from '../../../src/apply/apply-input.js'
import { handoverNow } from '../../../src/apply/fence-now.js'
import { giveUp, stillClosed } from '../../../src/apply/give-up.js'
import { openAlone } from '../../../src/apply/open-alone.js'
import { withRescue, type TakeLock } from '../../../src/apply/rescue.js'
import { StoppedError } from '../../../src/core/error.js'
import type { RunLock } from '../../../src/postgres/advisory-lock.js'
import { ConnectError } from '../../../src/postgres/driver-error.js'

vi.mock('../../../src/postgres/connect.js', () => ({
  withConnection: (_: unknown, __: unknown, use: (session: object) => Promise<unknown>) => use({}),
}))
vi.mock('../../../src/apply/fence-now.js', () => ({ handoverNow: vi.fn() }))
vi.mock('../../../src/apply/open-alone.js', () => ({ openAlone: vi.fn() }))
vi.mock('../../../src/apply/give-up.js', () => ({ giveUp: vi.fn(), stillClosed: vi.fn() }))

const FAILURE = new Error('what ended the run')
const STORM = new ConnectError('connect-failed', 'sorry, too many clients already', { transient: true })
const FOR_GOOD = new ConnectError('connect-failed', 'no route', { transient: false })
const GIVEN_UP = new StoppedError('handover-given-up', 'given up')
const STILL = new StoppedError('still-closed', 'still closed')
const lock = { lost: new AbortController().signal } as RunLock
const take: TakeLock = (_, __, use) => use(lock)
const looks = vi.mocked(handoverNow)
const BEGUN = { status: 'done', plan: 'd', run: 'r', startedAt: '2026-11-05T10:00:00Z' }

function rescued(read: () => Promise<unknown>, failure: Error = FAILURE, gone?: string): Promise<unknown> {
  const input = {
    spec: { cutover: { maxPauseMs: 60_000 }, gone },
    saved: { digest: 'd', plan: { lineage: 'l' } },
    store: { read },
    connections: { source: {}, target: {} },
  } as unknown as ApplyInput
  const signal = new AbortController().signal
  return withRescue(input, 'source', { take, signal, emit: () => undefined }, () => Promise.reject(failure))
}
const fenced = (): Promise<unknown> => Promise.resolve({ marks: {}, actions: { 'fence.source': BEGUN } })
const nothing = (): Promise<unknown> => Promise.resolve(undefined)
const unreadable = (): Promise<unknown> => Promise.reject(new Error('connection refused'))

beforeEach(() => {
  looks.mockReset()
  vi.mocked(giveUp).mockReset().mockRejectedValue(GIVEN_UP)
  vi.mocked(stillClosed).mockReset().mockResolvedValue(STILL)
  vi.mocked(openAlone).mockReset()
})

test('a closed side that cannot be asked in a storm of connections is asked again', async () => {
  looks.mockRejectedValueOnce(STORM).mockRejectedValueOnce(STORM).mockResolvedValue({ kind: 'closed', forMs: 1 })
  await expect(rescued(fenced)).rejects.toBe(GIVEN_UP)
  expect(looks).toHaveBeenCalledTimes(3)
})

test('one that cannot be asked at all is told, for nobody else looks after it', async () => {
  looks.mockRejectedValue(FOR_GOOD)
  await expect(rescued(fenced)).rejects.toBe(STILL)
  await expect(rescued(unreadable)).rejects.toBe(STILL)
  expect(vi.mocked(stillClosed).mock.calls[0]?.slice(1)).toEqual([FAILURE, FOR_GOOD, 'may be'])
})

test('where nothing was closed, or it was opened again, the failure itself is told at once', async () => {
  looks.mockRejectedValue(STORM)
  await expect(rescued(nothing)).rejects.toBe(FAILURE)
  const evidence = { handover: 'cutover', outcome: 'given up', to: '2026-11-05T10:00:09Z' }
  const marks = { 'pause cutover': { at: evidence.to, evidence } }
  await expect(rescued(() => Promise.resolve({ marks, actions: { 'fence.source': BEGUN } }))).rejects.toBe(FAILURE)
  expect(looks).toHaveBeenCalledTimes(2)
})

test('what was given up, or tried to be, is not looked after a second time', async () => {
  await expect(rescued(fenced, GIVEN_UP)).rejects.toBe(GIVEN_UP)
  await expect(rescued(fenced, STILL)).rejects.toBe(STILL)
  expect(looks).not.toHaveBeenCalled()
})

test('a state that cannot be read does not say that the other side was never opened alone', async () => {
  looks.mockResolvedValue({ kind: 'closed', forMs: 1 })
  await expect(rescued(unreadable)).rejects.toMatchObject({ code: 'turn-unknown' })
  expect(giveUp).not.toHaveBeenCalled()
  await expect(rescued(unreadable, FAILURE, 'target')).rejects.toBe(GIVEN_UP)
  const alone = { marks: { 'handover cutover fenced no return': {} }, actions: {} }
  await expect(rescued(() => Promise.resolve(alone))).rejects.toBe(FAILURE)
})
