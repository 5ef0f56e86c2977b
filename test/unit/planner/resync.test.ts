import { describe, expect, test } from 'vitest'
import { script, subscription, table, tableObject } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { stream } from './support/troubles/stream.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES } from './support/troubles/trouble.js'

const { subscription: NAME } = NAMES.forward

/** Everything is copied and streams, and the target was never open. */
function streaming(records: readonly string[], more: Situation = {}): Situation {
  const carried = stream({ worker: 'steady' }).target
  const closed = closedTarget({ records: records.map((action) => record(action)) })
  return stream({ worker: 'steady' }, { ...more, target: { ...carried, ...closed, ...more.target } })
}

const TAKEN = /^resync/
const PUBLISHED = {
  name: NAMES.forward.publication,
  owner: 'postgres',
  allTables: false,
  operations: ['insert', 'update', 'delete', 'truncate'],
  viaRoot: false,
} as const

describe('one table copied anew', () => {
  test('is noted, leaves both ends, is emptied, and comes again as a new table does', async () => {
    const { actions, diagnostics } = await planOf(streaming([], { resync: ['orders'] }))
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    const ids: readonly string[] = actions.map((a) => a.id)
    const order = [
      'resync-begin.public.orders',
      'resync-unpublish.public.orders',
      'resync-leave.public.orders',
      'resync.public.orders',
      'publication.source',
      'refresh.subscription',
      'copy.target',
      'verify.rows',
    ]
    expect(ids.filter((id) => order.includes(id))).toEqual(order)
    const emptied = actions.find((a) => a.id === 'resync.public.orders')
    expect(emptied?.hazards).toMatchObject([{ code: 'truncate-target', approval: true }])
    expect(emptied?.sql.join('; ')).toContain('truncate table only public.orders')
    expect(emptied?.sql.join('; ')).toContain(`'resync-emptied.1.public.orders'`)
  })

  test('counts as to be copied what it copies, and not the tables that stream', async () => {
    const size = { rows: 5_000, bytes: 80_000 }
    const sized = (more: Situation): Situation => {
      const { source: { publications: _, ...source } = {}, target, ...rest } = streaming([], more)
      const tables = [
        table('orders', { volatile: { ...table('orders').volatile, ...size } }),
        table('lines', { volatile: { ...table('lines').volatile, rows: 900_000, bytes: 9_000_000 } }),
      ]
      const both = { tables, ...script(tableObject('orders'), tableObject('lines')) }
      const carried = [
        { schema: 'public', name: 'orders', state: 'ready' as const },
        { schema: 'public', name: 'lines', state: 'ready' as const },
      ]
      const subscriptions = (target?.subscriptions ?? []).map((s) => ({
        ...s,
        tables: [...s.tables.filter((t) => t.schema === 'belt'), ...carried],
      }))
      return { ...rest, source: { ...source, ...both }, target: { ...target, ...both, subscriptions } }
    }
    const { actions, diagnostics, volatile } = await planOf(sized({ resync: ['orders'] }))
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    expect(actions.map((a) => a.id)).toContain('copy.target')
    expect(volatile).toMatchObject({ copyRows: size.rows, copyBytes: size.bytes })
  })

  test('mends a table that somebody took out of the publication, which an ordinary plan never publishes again', async () => {
    const lost = (more: Situation): Situation =>
      streaming([], { ...more, source: { ...stream({}).source, publications: [{ ...PUBLISHED, tables: [] }] } })
    const ordinary = await planOf(lost({}))
    expect(ordinary.actions).toEqual([])
    expect(ordinary.diagnostics.map((d) => d.code)).toContain('replication-broken')
    const { actions, diagnostics } = await planOf(lost({ resync: ['orders'] }))
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    const ids: readonly string[] = actions.map((a) => a.id)
    expect(ids).toEqual(expect.arrayContaining(['resync.public.orders', 'publication.source', 'copy.target']))
    expect(ids).not.toContain('resync-unpublish.public.orders')
    const killed = await planOf(streaming(['resync-begun.1.public.orders'], { source: lost({}).source ?? {} }))
    expect(killed.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  })

  test('deletes where foreign keys of other tables refer to it', async () => {
    const key = {
      schema: 'public',
      table: 'line',
      name: 'f',
      type: 'foreign key',
      validated: true,
      inherited: false,
    } as const
    const target = { constraints: [{ ...key, references: { schema: 'public', name: 'orders' } }] }
    const { actions } = await planOf(streaming([], { resync: ['orders'], target }))
    const sql = actions.find((a) => a.id === 'resync.public.orders')?.sql
    expect(sql?.slice(0, 2)).toEqual(['set local session_replication_role = replica', 'delete from only public.orders'])
  })

  test('goes on without being asked once it was begun, under the number it was begun with', async () => {
    const { actions } = await planOf(
      streaming(['resync-begun.1.public.orders', 'resync-emptied.1.public.orders', 'resync-begun.2.public.orders']),
    )
    const taken = actions.filter((a) => TAKEN.test(a.id))
    expect(taken.map((a) => a.id)).toEqual([
      'resync-unpublish.public.orders',
      'resync-leave.public.orders',
      'resync.public.orders',
    ])
    expect(taken.at(-1)?.sql.at(-1)).toContain('resync-emptied.2.public.orders')
  })

  test('once emptied nothing is taken away any more', async () => {
    const records = ['resync-begun.1.public.orders', 'resync-emptied.1.public.orders']
    const { actions } = await planOf(streaming(records, { target: { subscriptions: [subscription(NAME)] } }))
    const ids: readonly string[] = actions.map((a) => a.id)
    expect(ids.filter((id) => TAKEN.test(id))).toEqual([])
    expect(ids).toContain('copy.target')
  })

  test('asked for again it gets another number', async () => {
    const records = ['resync-begun.1.public.orders', 'resync-emptied.1.public.orders']
    const { actions } = await planOf(streaming(records, { resync: ['orders'] }))
    expect(actions.find((a) => a.id === 'resync.public.orders')?.sql.at(-1)).toContain('resync-emptied.2.public.orders')
  })
})
