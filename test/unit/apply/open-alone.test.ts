import { beforeEach, expect, test, vi } from 'vitest'
import type { ApplyInput } from '../../../src/apply/apply-input.js'
import { openAlone } from '../../../src/apply/open-alone.js'
import { unlessSilent } from '../../../src/apply/unless-silent.js'
import type { RunLock } from '../../../src/postgres/advisory-lock.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { ConnectionLostError } from '../../../src/postgres/driver-error.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'
import type { Session } from '../../../src/postgres/session.js'

vi.mock('../../../src/postgres/connect.js', () => ({ withConnection: vi.fn() }))

const REASON = new ConnectionLostError('connection-lost', 'the source is gone')
const where = { host: 'h', port: 5432, database: 'shop' }
const lock = { stillHeld: () => Promise.resolve(true) } as unknown as RunLock

/** A target whose records are these. */
function target(...records: readonly string[]): string[] {
  const sent: string[] = []
  const session = {
    one: () => Promise.resolve({ there: true }),
    query: () => Promise.resolve(records.map((action) => ({ action }))),
    exec: (sql: string) => Promise.resolve(void sent.push(sql)),
    commit: () => Promise.resolve('committed'),
    rollback: () => Promise.resolve(),
  }
  vi.mocked(withConnection).mockImplementation((_, __, use) => use(session as unknown as Session))
  return sent
}

const told: string[] = []
function run(open: () => Promise<unknown>): Promise<never> {
  const actions = [{ id: 'open.target', sql: ['grant connect on database shop to public'] }]
  const input = {
    saved: { digest: 'd', plan: { name: 'shop', lineage: 'l', source: where, target: where, actions } },
    store: { location: 'shop.state.json', open },
    secrets: new SecretRegistry(),
    connections: { source: {}, target: {} },
  } as unknown as ApplyInput
  return openAlone({ input, to: 'target', lock, emit: (e) => told.push(JSON.stringify(e)) }, REASON)
}
const noted: string[] = []
const state = {
  append: (t: { readonly kind: string }) => Promise.resolve(void noted.push(t.kind)),
  close: () => Promise.resolve(),
}

beforeEach(() => {
  told.length = 0
  noted.length = 0
})

test('a side that belt has closed, or somebody before belt came, is opened and noted', async () => {
  for (const records of [['fence.target'], []]) {
    const sent = target(...records)
    await expect(run(() => Promise.resolve(state))).rejects.toMatchObject({ code: 'opened-alone' })
    expect(sent).toContain('grant connect on database shop to public')
  }
  expect(noted.slice(0, 3)).toEqual(['mark-set', 'action-running', 'action-done'])
})

test('a state that cannot be opened keeps no side closed, and that is told', async () => {
  const sent = target('fence.target')
  await expect(run(() => Promise.reject(new Error('ENOSPC: no space left on device')))).rejects.toMatchObject({
    code: 'opened-alone',
  })
  expect(sent).toContain('grant connect on database shop to public')
  expect(told.join()).toContain('ENOSPC')
})

test('nor does one that cannot be written', async () => {
  const sent = target('fence.target')
  const full = { append: () => Promise.reject(new Error('ENOSPC')), close: () => Promise.reject(new Error('ENOSPC')) }
  await expect(run(() => Promise.resolve(full))).rejects.toMatchObject({ code: 'opened-alone' })
  expect(sent).toContain('grant connect on database shop to public')
})

test('a side that is open already is left alone, and at once', async () => {
  const sent = target('opened.target')
  await expect(run(() => Promise.resolve(state))).rejects.toBe(REASON)
  expect(sent).toEqual([])
})

test('opening is left when a server keeps silent', async () => {
  await expect(unlessSilent(20, new Promise(() => undefined))).rejects.toMatchObject({ code: 'open-silent' })
  await expect(unlessSilent(1_000, Promise.resolve())).resolves.toBeUndefined()
  await expect(unlessSilent(1_000, Promise.reject(REASON))).rejects.toBe(REASON)
})
