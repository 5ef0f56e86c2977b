import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { ApplyInput } from '../../../src/apply/apply-input.js'
import { giveUp } from '../../../src/apply/give-up.js'
import type { RunLock } from '../../../src/postgres/advisory-lock.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'

test('whoever is told to open a side by hand has the file for it, also where no run has written one', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'still-closed-'))
  const fence = {
    id: 'fence.source',
    side: 'source',
    phase: 'pause',
    title: 'close',
    transaction: 'one',
    abort: ['grant connect on database shop to app'],
  }
  const where = { host: 'h', port: 5432, database: 'shop' }
  // A mistake that no second try mends.
  const unreachable = {
    host: '127.0.0.1',
    port: 1,
    user: 'x',
    database: 'shop',
    tls: { mode: 'verify-ca', ca: '/no/such/ca.pem' },
  }
  const input = {
    spec: { state: { path: path.join(folder, 'shop.state.json') } },
    saved: { digest: 'd', plan: { name: 'shop', lineage: 'l', source: where, target: where, actions: [fence] } },
    store: { read: () => Promise.resolve(undefined) },
    secrets: new SecretRegistry(),
    connections: { source: { ...unreachable, password: () => Promise.reject(new Error('no password')) } },
  } as unknown as ApplyInput
  const told: string[] = []
  const lock = { lost: new AbortController().signal } as RunLock
  const emit = (e: object): unknown => told.push(JSON.stringify(e))
  const giving = { input, from: 'source', lock, lockedOn: 'source', state: undefined, emit } as const
  await expect(giveUp(giving, new Error('why'))).rejects.toMatchObject({ code: 'still-closed' })
  const file = path.join(folder, 'shop.reopen-source.sql')
  expect(await readFile(file, 'utf8')).toContain('grant connect on database shop to app;')
  expect(told.join()).toContain(file)
})
