import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import type { ActionId } from '../../../src/actions/base.js'
import { factKey } from '../../../src/catalog/facts.js'
import type { FactKey } from '../../../src/catalog/facts.js'
import { textKey } from '../../../src/catalog/object-key.js'
import { NOTHING_SPECIAL } from '../../../src/migration/draft.js'
import { StalePlanError, describeStale, staleFacts } from '../../../src/plan/staleness.js'

const ORDERS = factKey('source', 'table public.orders')
const ACL = factKey('target', 'database acl')
const make: Action = {
  ...NOTHING_SPECIAL,
  kind: 'create-object',
  id: 'table.public.orders' as ActionId,
  side: 'target',
  phase: 'schema',
  operation: 'create',
  title: 'table public.orders',
  sql: ['create table public.orders ()'],
  reads: [ORDERS],
  makes: [textKey('table', 'public.orders')],
}
const fence: Action = { ...make, kind: 'fence-target', id: 'fence.target' as ActionId, reads: [ACL], admitted: [] }
const plan = { actions: [make, fence], facts: { [ORDERS]: 'one', [ACL]: 'two' } }
const all = new Set([make.id, fence.id])
const none = new Set<ActionId>()
const facts = (entries: readonly (readonly [FactKey, string])[]) =>
  new Map([[ORDERS, 'one'], [ACL, 'two'], ...entries] as const)

test('what has not changed is not stale, and new things that no action reads do not matter', () => {
  const now = facts([[factKey('source', 'table public.newcomer'), 'x']])
  expect(staleFacts({ plan, pending: all, begun: none, facts: now })).toEqual([])
})

test('a fact that changed, went or appeared is named with the action that needs it', () => {
  const stale = (now: ReturnType<typeof facts>, planned: Record<string, string> = plan.facts) =>
    describeStale(staleFacts({ plan: { ...plan, facts: planned }, pending: all, begun: none, facts: now }))
  expect(stale(facts([[ORDERS, 'other']]))).toEqual([
    'source table public.orders has changed since the plan was made (needed by table.public.orders)',
  ])
  const gone = new Map([[ACL, 'two']] as const)
  expect(stale(gone)).toEqual([
    'source table public.orders was there when the plan was made and is gone (needed by table.public.orders)',
  ])
  expect(stale(facts([]), { [ACL]: 'two' })).toEqual([
    'source table public.orders was not there when the plan was made and is now (needed by table.public.orders)',
  ])
})

test('what is done cannot be stale', () => {
  const now = facts([[ORDERS, 'other']])
  expect(staleFacts({ plan, pending: new Set([fence.id]), begun: none, facts: now })).toEqual([])
})

test('what this very plan has changed itself does not stale what is left of it', () => {
  const role: Action = {
    ...make,
    kind: 'set-replication-role',
    id: 'role' as ActionId,
    reads: [],
    role: 'r',
    bypassRls: false,
    settings: [],
  }
  const longer = { ...plan, actions: [role, make, fence] }
  const now = facts([[ACL, 'with a grant of its own']])
  expect(staleFacts({ plan: longer, pending: all, begun: none, facts: now })).toHaveLength(1)
  expect(staleFacts({ plan: longer, pending: all, begun: new Set([role.id]), facts: now })).toEqual([])
})

test('the refusal names everything and says that nothing was changed', () => {
  const error = new StalePlanError(staleFacts({ plan, pending: all, begun: none, facts: new Map() }))
  expect(error).toMatchObject({ code: 'plan-stale' })
  expect(error.message.split('\n')).toHaveLength(3)
  expect(error.hint).toContain('Nothing was changed')
})
