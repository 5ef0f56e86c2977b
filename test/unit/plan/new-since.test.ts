import { expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { factKey, LOGINS_FACT } from '../../../src/catalog/facts.js'
import type { Sequence, Table } from '../../../src/catalog/relations.js'
import type { Publication } from '../../../src/catalog/replication.js'
import type { Plan } from '../../../src/plan/plan.js'
import { planText } from '../../../src/plan/plan-file.js'
import { newSince } from '../../../src/plan/new-since.js'
import {
  column,
  emptyCatalog,
  keyless,
  role,
  script,
  slot,
  subscription,
  table,
  tableObject,
} from '../planner/support/catalog.js'
import { planOf } from '../planner/support/planned.js'
import { STREAMING_STATE } from '../planner/support/troubles/state.js'
import { NAMES } from '../planner/support/troubles/trouble.js'
import { MINIMAL } from '../spec/load-text.js'

const READERS = ['belt_replication', 'postgres']

interface Databases {
  readonly tables?: readonly string[]
  readonly copied?: readonly Table[]
  readonly source?: Partial<Catalog>
  readonly target?: Partial<Catalog>
  /** Publication, slot and subscription of the way back stand. */
  readonly gate?: true
  readonly lines?: readonly string[]
}

/** A cutover as it is planned, and again when all that comes before its pause is done. */
async function planned({ tables = ['orders'], copied = [], gate, lines = [], ...more }: Databases): Promise<Plan> {
  const names = tables.map((name) => ({ schema: 'public', name }))
  const side: Partial<Catalog> = {
    tables: [...tables.map((name) => table(name, { readers: READERS })), ...copied],
    schemas: [{ name: 'public', owner: 'postgres', usage: ['', ...READERS] }],
    beltReaders: { [NAMES.markerTable]: READERS },
    ...script(...[...tables, ...copied.map((t) => t.name)].map((name) => tableObject(name))),
  }
  const ready = names.map((t) => ({ ...t, state: 'ready' as const }))
  const { reverse, forward } = NAMES
  const marker = { schema: 'belt', name: NAMES.markerTable }
  const back: Partial<Catalog> =
    gate === undefined
      ? {}
      : {
          publications: [publication(reverse.publication, [{ schema: 'public', name: 'orders' }, marker])],
          slots: [slot(reverse.slot)],
        }
  const plan = await planOf({
    state: STREAMING_STATE,
    source: {
      ...side,
      slots: [{ ...slot(forward.slot, true), database: 'shop' }],
      ...(gate === undefined ? {} : { subscriptions: [subscription(reverse.subscription)] }),
      ...more.source,
    },
    target: { ...side, ...back, subscriptions: [subscription(forward.subscription, ready)], ...more.target },
    spec: `${MINIMAL.replace('stage: replicating', 'stage: cutover')}keyless: { default: copy_at_cutover }\n${lines.join('\n')}\n`,
  })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  // As it was saved: with its keys in another order.
  return gate === undefined ? (JSON.parse(planText(plan)) as Plan) : plan
}

function publication(name: string, tables: Publication['tables']): Publication {
  const operations = ['insert', 'update', 'delete', 'truncate'] as const
  return { name, owner: 'postgres', allTables: false, operations, viaRoot: false, tables }
}

function sequence(name: string, more: Partial<Sequence> = {}): Sequence {
  const values = { type: 'bigint', start: '1', increment: '1', min: '1', max: '99', cycle: false, cache: '1' }
  return { schema: 'public', name, ...values, volatile: { lastValue: '7' }, ...more }
}

function withAcl(...grantees: readonly string[]): Partial<Catalog> {
  const acl = grantees.map((grantee) => ({ grantor: 'postgres', grantee, privilege: 'CONNECT', grantable: false }))
  return { database: { ...emptyCatalog('source', 15).database, acl } }
}

test('what was done meanwhile, and nothing else, keeps a plan as it was', async () => {
  const inHand = await planned({})
  const now = await planned({ gate: true })
  expect(inHand.actions.length).toBeGreaterThan(now.actions.length)
  expect(newSince(inHand, now)).toEqual([])
})

test('somebody who was let in since is told, and a right that is gone since is none', async () => {
  const inHand = await planned({ source: withAcl('', 'app') })
  const since = async (...grantees: readonly string[]): Promise<readonly string[]> =>
    newSince(inHand, await planned({ gate: true, source: withAcl(...grantees) }))
  expect(await since('', 'app', 'reporting')).toEqual(['CONNECT of reporting'])
  expect(await since('app')).toEqual([])
})

test('under revoke_login it is who got LOGIN', async () => {
  const lines = ['cutover: { fence: revoke_login }']
  const roles = (...names: readonly string[]): Partial<Catalog> => ({
    roles: [...emptyCatalog('source', 15).roles, ...names.map((name) => role(name))],
  })
  const inHand = await planned({ lines, source: roles('app', 'clerk') })
  const since = async (...names: readonly string[]): Promise<readonly string[]> =>
    newSince(inHand, await planned({ gate: true, lines, source: roles(...names) }))
  expect(await since('app', 'clerk', 'batch')).toEqual(['LOGIN of batch'])
  expect(await since('clerk')).toEqual([])
})

test('tables that the pause would have to copy are told, and those whose columns are others', async () => {
  const notes = keyless('notes', { readers: READERS })
  const inHand = await planned({ copied: [notes] })
  const since = async (...copied: readonly Table[]): Promise<readonly string[]> =>
    newSince(inHand, await planned({ gate: true, copied }))
  expect(await since(notes)).toEqual([])
  expect(await since(notes, keyless('late'))).toEqual(['table public.late'])
  expect(await since({ ...notes, columns: [...notes.columns, column('more')] })).toEqual(['table public.notes'])
  expect(await since()).toEqual([])
})

test('sequences made since are told, whatever values they have', async () => {
  const both = (...sequences: readonly Sequence[]): Databases => ({ source: { sequences }, target: { sequences } })
  const inHand = await planned(both(sequence('tickets')))
  const since = async (...sequences: readonly Sequence[]): Promise<readonly string[]> =>
    newSince(inHand, await planned({ gate: true, ...both(...sequences) }))
  expect(await since(sequence('tickets', { volatile: { lastValue: '80' } }))).toEqual([])
  expect(await since(sequence('tickets'), sequence('late'))).toEqual(['sequence public.late'])
  expect(await since(sequence('tickets', { max: '5000' }))).toEqual(['sequence public.tickets'])
})

test('a table that streams since is told, with what the way back lacks', async () => {
  const inHand = await planned({ lines: ['cutover: { verify: none }'] })
  const now = await planned({ tables: ['orders', 'late'], gate: true, lines: ['cutover: { verify: none }'] })
  const told = newSince(inHand, now)
  expect(told[0]).toMatch(/^publication .*: add 1 table \(publication\.target\)$/)
  expect(told.slice(1)).toEqual(['table public.late'])
})

test('triggers that fire for replicated rows since are told', async () => {
  const firing = (enabled: 'always' | 'origin'): Partial<Catalog> => ({
    triggers: [{ schema: 'public', table: 'orders', name: 'noted', enabled }],
  })
  const inHand = await planned({ source: firing('origin'), target: firing('origin') })
  const off: Partial<Catalog> = {
    triggers: [{ schema: 'public', table: 'orders', name: 'noted', enabled: 'disabled' }],
  }
  const now = await planned({ gate: true, source: firing('always'), target: off })
  expect(newSince(inHand, now).join()).toContain('trigger on the target that fires for replicated rows')
  const known = await planned({ source: firing('always'), target: off })
  expect(newSince(known, now)).toEqual([])
})

test('what has to be mended before any handover is told, and a plan without a pause is left alone', async () => {
  const inHand = await planned({})
  const stopped = { ...subscription(NAMES.forward.subscription), enabled: false }
  const tables = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
  const now = await planned({ gate: true, target: { subscriptions: [{ ...stopped, tables }] } })
  expect(newSince(inHand, now).join()).toContain('(start.subscription.target)')
  expect(newSince({ actions: inHand.actions.filter((a) => a.phase !== 'pause') }, now)).toEqual([])
})

test('the fence rests on who may log in where it takes LOGIN, and quiet is proven of those it keeps out', async () => {
  const asked = async (fence: string): Promise<readonly unknown[]> => {
    const { actions } = await planned({ lines: [`cutover: { fence: ${fence} }`] })
    const quiet = actions.find((a) => a.kind === 'prove-quiet')
    return [actions.find((a) => a.id === 'fence.source')?.reads.includes(factKey('source', LOGINS_FACT)), quiet?.fenced]
  }
  expect(await asked('revoke_connect')).toEqual([false, true])
  expect(await asked('revoke_login')).toEqual([true, true])
  expect(await asked('read_only')).toEqual([false, undefined])
  expect(await asked('none')).toEqual([false, undefined])
})
