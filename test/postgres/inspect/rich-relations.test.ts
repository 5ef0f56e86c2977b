import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { freshDatabase, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { inspect, named } from './connected.js'
import { dropRich, HOSTILE, LONGEST, makeRich, richNames } from './rich-database.js'

describe.each([12, 13, 14, 15, 16, 17, 18] as const)('on a server of major %i', (major) => {
  const names = richNames()
  let db: TestDatabase
  let seen: Catalog

  beforeAll(async () => {
    db = await freshDatabase(await sharedServer(major), `rich "${'é'.repeat(4)}" db`)
    await makeRich(db, names)
    seen = await inspect(db)
  })
  afterAll(() => dropRich(db, names))

  test('tables of every kind have their columns and row identity', () => {
    const kinds = seen.tables.map((t) => [t.name, t.kind, t.persistence, t.isPartition])
    const plain = (name: string): unknown[] => [name, 'table', 'permanent', false]
    expect(kinds).toEqual([
      plain('by_index'),
      plain('child'),
      ['far', 'foreign table', 'permanent', false],
      ['fast', 'table', 'unlogged', false],
      plain('keyless'),
      plain('late'),
      ...(major >= 14 ? [plain('multi')] : []),
      plain('nothing'),
      plain('orders'),
      plain('parent'),
      ['parts', 'partitioned table', 'permanent', false],
      ['parts_1', 'table', 'permanent', true],
      ['parts_2', 'partitioned table', 'permanent', true],
      ['parts_2a', 'table', 'permanent', true],
      plain('types'),
      ...(major >= 18 ? [plain('virtual')] : []),
      plain('whole'),
      plain(LONGEST),
    ])
    const identity = (name: string): unknown[] => {
      const { replicaIdentity, identityColumns, identityIndex } = named(seen.tables, name)
      return [replicaIdentity, identityColumns, identityIndex]
    }
    expect(identity('by_index')).toEqual(['index', ['b', 'a'], 'by_index_b_a_c_key'])
    expect(identity('whole')).toEqual(['full', [], undefined])
    expect(identity('nothing')).toEqual(['nothing', [], undefined])
    expect(identity('late')).toEqual(['default', [], undefined])
    expect(identity('keyless')).toEqual(['default', [], undefined])
    expect(identity('orders')).toEqual(['default', ['id'], 'orders_pkey'])
    expect(identity('parts_2a')).toEqual(['default', ['id', 'day'], 'parts_2a_pkey'])
    expect(identity(LONGEST)[1]).toEqual(['Id "x"'])
    expect(named(seen.tables, 'parts_2a').parents).toEqual([{ schema: 'app', name: 'parts_2' }])
    expect(named(seen.tables, 'child').parents).toEqual([{ schema: 'app', name: 'parent' }])
    expect(named(seen.tables, 'orders')).toMatchObject({
      schema: 'app',
      owner: names.owner,
      rowSecurity: true,
      forceRowSecurity: true,
      accessMethod: 'heap',
      readers: [names.group, names.owner].sort(),
    })
    expect(named(seen.tables, 'keyless').readers).toEqual(['', 'postgres'])
    expect(named(seen.tables, 'keyless').volatile.bytes).toBeGreaterThanOrEqual(8192)
    expect(named(seen.tables, 'orders').columns).toEqual([
      column('id', 'bigint', { notNull: true, identity: 'always' }),
      column('customer', 'text', { notNull: true }),
      column('n', 'integer', { notNull: true }),
      column('total', 'numeric(10,2)', { generated: 'stored' }),
    ])
    const types = named(seen.tables, 'types').columns
    expect(types[0]).toEqual(column('id', 'integer', { notNull: true, identity: 'by default' }))
    expect(types.map((c) => [c.name, c.type, c.equality])).toEqual([
      ['id', 'integer', true],
      ['doc', 'app.doc', false],
      ['positive', 'app.positive', true],
      ['mood', 'app.mood', true],
      ['plain', 'app.plain', true],
      ['odd', 'app.odd', false],
      ['span', 'app.span', true],
      ['moods', 'app.mood[]', true],
      ['docs', 'app.doc[]', false],
      ['xml', 'xml', false],
      ['hs', 'app.hstore', true],
      ['bits', 'bit(3)[]', true],
      ['plains', 'app.plain[]', true],
      ['point', 'point', false],
    ])
    if (major >= 14) expect(named(seen.tables, 'multi').columns[0]?.equality).toBe(true)
    if (major >= 18) expect(named(seen.tables, 'virtual').columns[1]?.generated).toBe('virtual')
  })

  test('indexes show validity and what they stand for', () => {
    expect(named(seen.indexes, 'orders_pkey')).toMatchObject({
      schema: 'app',
      table: 'orders',
      unique: true,
      primary: true,
      valid: true,
      ready: true,
      constraint: 'orders_pkey',
      partitioned: false,
      replicaIdentity: false,
    })
    expect(named(seen.indexes, 'keyless_dup')).toMatchObject({ valid: false, unique: true, primary: false })
    expect(named(seen.indexes, 'by_index_b_a_c_key')).toMatchObject({ replicaIdentity: true })
    expect(named(seen.indexes, 'parts_day')).toMatchObject({ partitioned: true, valid: true })
    expect(named(seen.indexes, 'parts_2a_day_idx')).toMatchObject({ partitioned: false })
    expect(named(seen.indexes, 'full_n')).toMatchObject({ table: 'full' })
    expect(named(seen.indexes, 'orders_customer')).not.toHaveProperty('constraint')
    expect(named(seen.indexes, HOSTILE)).toMatchObject({ schema: HOSTILE, table: LONGEST })
    expect(named(seen.indexes, 'orders_pkey').volatile.bytes).toBe(8192)
  })

  test('constraints show validity, inheritance and what they reference', () => {
    const of = (table: string): unknown =>
      seen.constraints
        .filter((c) => c.table === table && c.type !== 'not null')
        .map((c) => [c.name, c.type, c.validated, c.inherited, c.references?.name])
    expect(of('keyless')).toEqual([
      ['belongs', 'foreign key', false, false, 'whole'],
      ['later', 'check', false, false, undefined],
    ])
    expect(of('orders')).toEqual([
      ['orders_customer_n_key', 'unique', true, false, undefined],
      ['orders_pkey', 'primary key', true, false, undefined],
      [HOSTILE, 'trigger', true, false, undefined],
    ])
    expect(of('child')).toEqual([
      ['fits', 'exclude', true, false, undefined],
      ['small', 'check', true, true, undefined],
    ])
    expect(of('parts_1')).toEqual([['parts_1_pkey', 'primary key', true, true, undefined]])
    expect(seen.constraints.some((c) => c.type === 'not null')).toBe(major >= 18)
    if (major >= 18) expect(named(seen.constraints, 'soft')).toMatchObject({ enforced: false, validated: false })
  })

  test('sequences have their definition, owner and last value', () => {
    const { volatile, ...descending } = named(seen.sequences, `${HOSTILE} seq`)
    expect(descending).toEqual({
      schema: HOSTILE,
      name: `${HOSTILE} seq`,
      type: 'smallint',
      start: '-1',
      increment: '-3',
      min: '-32768',
      max: '-1',
      cycle: false,
      cache: '1',
    })
    expect(volatile.lastValue).toBeUndefined()
    expect(named(seen.sequences, 'called').volatile.lastValue).toBe('41')
    expect(named(seen.sequences, 'orders_n_seq').ownedBy).toEqual({ schema: 'app', table: 'orders', column: 'n' })
    expect(named(seen.sequences, 'types_id_seq')).toMatchObject({
      type: 'integer',
      cycle: true,
      ownedBy: { schema: 'app', table: 'types', column: 'id' },
    })
    expect(named(seen.sequences, 'free')).not.toHaveProperty('ownedBy')
  })

  test('triggers show when they fire, also where a partition differs from its parent', () => {
    expect(seen.triggers.map((t) => [t.table, t.name, t.enabled, t.inherited ?? false])).toEqual([
      ['orders', 'copy', 'replica', false],
      ['orders', 'forever', 'always', false],
      ['orders', 'off', 'disabled', false],
      ['orders', 'plain', 'origin', false],
      ['orders', HOSTILE, 'origin', false],
      ['parts', 'each', 'origin', false],
      ['parts_1', 'each', 'always', true],
      ['parts_2', 'each', 'origin', true],
      ['parts_2a', 'each', 'origin', true],
    ])
    expect(seen.eventTriggers).toEqual([{ name: `${names.owner} ddl`, event: 'ddl_command_end', enabled: 'disabled' }])
  })
})

function column(name: string, type: string, more: object = {}): unknown {
  return { name, type, notNull: false, generated: undefined, identity: undefined, equality: true, ...more }
}
