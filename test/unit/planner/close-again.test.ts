import { describe, expect, test } from 'vitest'
import type { AclItem } from '../../../src/catalog/acl.js'
import type { BeltRecord, Catalog } from '../../../src/catalog/catalog.js'
import type { Side } from '../../../src/core/side.js'
import { healthAlarms, sourceFence, targetFence } from '../../../src/cli/status/health.js'
import { MINIMAL } from '../spec/load-text.js'
import { emptyCatalog, role, slot, subscription } from './support/catalog.js'
import { contextOf, planOf, type Situation } from './support/planned.js'
import { record } from './support/troubles/restart.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const ROLES = [role('postgres', { superuser: true }), role('belt_replication'), role('app'), role('looker')]
const ADMITTED = ['belt_replication', 'postgres']

function acl(...grantees: readonly string[]): readonly AclItem[] {
  return grantees.map((grantee) => ({ grantor: 'postgres', grantee, privilege: 'CONNECT', grantable: false }))
}

function fenced(side: Side, method: string, logins: readonly string[] = []): BeltRecord {
  const before = { method, acl: null, owner: 'postgres', logins, admitted: ADMITTED, readOnly: null }
  return { ...record(`fence.${side}`), before }
}

interface Closed {
  readonly acl?: readonly AclItem[] | null
  readonly settings?: Catalog['database']['settings']
  readonly roles?: Catalog['roles']
  readonly record?: BeltRecord
}

/** The side that was left is as `closed` says, and the way back streams to it. */
function after(stage: 'cutover' | 'rolled-back', closed: Closed, lines = ''): Situation {
  const [left, serves]: readonly [Side, Side] = stage === 'cutover' ? ['source', 'target'] : ['target', 'source']
  const way = stage === 'cutover' ? NAMES.reverse : NAMES.forward
  const { database } = emptyCatalog(left, left === 'source' ? 15 : 17)
  const stream = subscription(way.subscription, READY)
  const records = [record(`open.${serves}`), ...(closed.record === undefined ? [] : [closed.record])]
  const gone: Partial<Catalog> = {
    ...ORDERS,
    roles: closed.roles ?? ROLES,
    database: { ...database, acl: closed.acl ?? null, settings: closed.settings ?? [] },
    records,
    beltTables: ['record', NAMES.markerTable],
    subscriptions: [{ ...stream, volatile: { ...stream.volatile, workerPid: 77 } }],
  }
  const here: Partial<Catalog> = {
    ...ORDERS,
    roles: ROLES,
    slots: [{ ...slot(way.slot, true), database: 'shop' }],
    beltTables: ['record', NAMES.markerTable],
    records: serves === 'target' ? [record('opened.target')] : [],
  }
  return {
    spec: `${MINIMAL.replace('stage: replicating', `stage: ${stage}`)}${lines}`,
    [left]: gone,
    [serves]: here,
  }
}

const CLOSED = acl(...ADMITTED)
const ON = [{ name: 'default_transaction_read_only', value: 'on' }]
const NO_APP = [...ROLES.filter((r) => r.name !== 'app'), role('app', { login: false })]

/** What stands on the source after a cutover, whether that is closed, and what closes it. */
const CASES: readonly (readonly [string, Closed, readonly string[] | undefined])[] = [
  ['closed', { acl: CLOSED, record: fenced('source', 'revoke_connect') }, undefined],
  [
    'CONNECT was granted by hand',
    { acl: acl(...ADMITTED, 'app'), record: fenced('source', 'revoke_connect') },
    ['revoke connect on database shop from app'],
  ],
  [
    'CONNECT was granted to everybody by hand',
    { acl: acl(...ADMITTED, ''), record: fenced('source', 'revoke_connect') },
    ['revoke connect on database shop from public'],
  ],
  [
    'the record is gone and it is open',
    { acl: acl(...ADMITTED, 'app') },
    ['insert into belt.record', 'revoke connect on database shop from app'],
  ],
  ['only the record is gone', { acl: CLOSED }, ['insert into belt.record']],
  ['LOGIN is taken', { roles: NO_APP, record: fenced('source', 'revoke_login', ['app']) }, undefined],
  ['LOGIN was given back', { record: fenced('source', 'revoke_login', ['app']) }, ['alter role app nologin']],
  ['read-only', { settings: ON, record: fenced('source', 'read_only') }, undefined],
  [
    'writable again',
    { record: fenced('source', 'read_only') },
    ['alter database shop set default_transaction_read_only = on'],
  ],
  ['nothing was closed by belt', { record: fenced('source', 'none') }, undefined],
]

describe('the old source after a cutover', () => {
  test.each(CASES)('%s', async (_, closed, closes) => {
    const situation = after('cutover', closed)
    const context = await contextOf(situation)
    expect(sourceFence(context)).toBe(closes === undefined ? 'closed' : 'open')
    expect(healthAlarms(context).map((d) => d.code)).toEqual(closes === undefined ? [] : ['drift-source-open'])
    for (const sql of (closes ?? []).filter((s) => !s.startsWith('insert')))
      expect(healthAlarms(context)[0]?.fix).toContain(sql)
    const { actions, diagnostics } = await planOf(situation)
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    const again = actions.find((a) => a.id === 'close-again.source')
    expect(again === undefined).toBe(closes === undefined)
    for (const sql of closes ?? []) expect(again?.sql.join('\n')).toContain(sql)
  })

  test('a record that stands is not written over: it says what stood there before', async () => {
    const open = { acl: acl(...ADMITTED, 'app'), record: fenced('source', 'revoke_connect') }
    const { actions } = await planOf(after('cutover', open))
    expect(actions.find((a) => a.id === 'close-again.source')?.sql.join('\n')).not.toContain('belt.record')
  })

  test('who is named in except_roles may look on', async () => {
    const looked = { acl: acl(...ADMITTED, 'looker'), record: fenced('source', 'revoke_connect') }
    expect(sourceFence(await contextOf(after('cutover', looked)))).toBe('open')
    expect(sourceFence(await contextOf(after('cutover', looked, 'cutover: { except_roles: [looker] }\n')))).toBe(
      'closed',
    )
  })
})

describe('the target after a rollback is judged by the fence that closed it', () => {
  test.each([
    [
      'except_roles are let in',
      'cutover: { except_roles: [looker] }\n',
      { acl: acl(...ADMITTED, 'looker') },
      'revoke_connect',
    ],
    [
      'LOGIN is taken',
      'cutover: { fence: revoke_login }\n',
      { acl: acl('', ...ADMITTED), roles: NO_APP },
      'revoke_login',
    ],
    ['read-only', 'cutover: { fence: read_only }\n', { acl: acl('', ...ADMITTED), settings: ON }, 'read_only'],
    ['closed by somebody', 'cutover: { fence: none }\n', { acl: acl('', ...ADMITTED) }, 'none'],
  ] as const)('%s', async (_, lines, closed, method) => {
    const situation = after('rolled-back', { ...closed, record: fenced('target', method, ['app']) }, lines)
    const context = await contextOf(situation)
    expect(targetFence(context)).toBe('closed')
    expect(healthAlarms(context)).toEqual([])
    expect((await planOf(situation)).actions.map((a) => a.id)).toEqual([])
  })

  test('CONNECT was granted by hand', async () => {
    const situation = after('rolled-back', {
      acl: acl(...ADMITTED, 'app'),
      record: fenced('target', 'revoke_connect'),
    })
    expect(healthAlarms(await contextOf(situation)).map((d) => d.code)).toEqual(['drift-target-open'])
    expect((await planOf(situation)).actions.map((a) => a.id)).toEqual(['close-again.target'])
  })
})
