import { describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import type { Table } from '../../../src/catalog/relations.js'
import type { SchemaObject } from '../../../src/catalog/schema-script.js'
import { index, schemaObject, script, table, tableObject } from './support/catalog.js'
import { planOf } from './support/planned.js'

const GIGABYTE = 1_000_000_000

function sized(name: string, bytes: number, more: Partial<Table> = {}): Table {
  const { volatile } = table(name)
  return table(name, { ...more, volatile: { ...volatile, bytes } })
}

const on = (name: string): Pick<SchemaObject, 'table'> => ({ table: { schema: 'public', name } })

async function hazards(tables: readonly Table[], ...objects: readonly SchemaObject[]): Promise<readonly string[]> {
  const source = { tables, ...script(...tables.map((t) => tableObject(t.name)), ...objects) }
  const { actions, diagnostics } = await planOf({ source })
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return actions.flatMap((a) => a.hazards.filter((h) => h.code === 'apply-stall').map((h) => `${a.id}: ${h.message}`))
}

test('a build whose stall is under the limit tells how long apply waits; one over it runs concurrently', async () => {
  const index = schemaObject('index', 'i', { ...on('orders'), concurrently: 'CREATE INDEX CONCURRENTLY i' })
  expect(await hazards([sized('orders', GIGABYTE / 8)], index)).toEqual([])
  expect(await hazards([sized('orders', GIGABYTE)], index)).toEqual([
    'index.public.i: apply on the target waits about 25 s while it builds',
  ])
  expect(await hazards([sized('orders', 100 * GIGABYTE)], index)).toEqual([])
})

const unique = schemaObject('constraint', 'u', { ...on('orders'), constraint: { type: 'unique', notValid: false } })

test('a unique constraint of a partitioned table builds its index under its lock, however long that is', async () => {
  expect(await hazards([sized('orders', 100 * GIGABYTE)], unique)).toEqual([
    'constraint.public.u: apply on the target waits about 2500 s while it builds',
  ])
})

describe('a unique constraint that may be made of an index', () => {
  const uniqueIndex = {
    plain: 'CREATE UNIQUE INDEX u',
    concurrently: 'CREATE … CONCURRENTLY u',
    attach: 'USING INDEX u',
  }
  const able = { ...unique, uniqueIndex }
  const indexObject = schemaObject('index', 'u', { ...on('orders'), statements: [uniqueIndex.plain] })

  async function steps(bytes: number, target: Partial<Catalog> = {}): Promise<readonly (readonly string[])[]> {
    const source = { tables: [sized('orders', bytes)], ...script(tableObject('orders'), able) }
    const { actions } = await planOf({ source, target })
    const made = actions.filter((a) => a.id === 'index.public.u' || a.id === 'constraint.public.u')
    return made.map((a) => a.sql)
  }

  test('is made in one step while that takes no longer than the limit', async () => {
    expect(await steps(GIGABYTE / 8)).toEqual([unique.statements])
  })

  test('takes over an index built concurrently above the limit', async () => {
    expect(await steps(100 * GIGABYTE)).toEqual([[uniqueIndex.concurrently], [uniqueIndex.attach]])
  })

  test('takes over what a run that ended between the steps has built, however quick it were now', async () => {
    const indexes = [index('u', 'orders', { unique: true })]
    expect(await steps(0, { indexes, ...script(indexObject) })).toEqual([[uniqueIndex.attach]])
  })

  test('never takes over an index that belt would have built otherwise', async () => {
    const indexes = [index('u', 'orders', { unique: true })]
    const other = { ...indexObject, statements: ['CREATE UNIQUE INDEX u ON public.orders USING btree (other)'] }
    expect(await steps(100 * GIGABYTE, { indexes, ...script(other) })).toEqual([unique.statements])
  })

  test('clears away the INVALID index of a build that was interrupted', async () => {
    const indexes = [index('u', 'orders', { unique: true, valid: false })]
    expect(await steps(0, { indexes })).toEqual([
      ['drop index public.u', uniqueIndex.concurrently],
      [uniqueIndex.attach],
    ])
  })
})

test('a foreign key checked in a step of its own stalls nothing; one of a partitioned table reads every partition', async () => {
  const parents = [{ schema: 'public', name: 'orders' }]
  const constraint = { type: 'foreign key', notValid: false, references: { schema: 'public', name: 'site' } } as const
  const whole = schemaObject('constraint', 'f', { ...on('orders'), constraint })
  const twoSteps = { ...whole, notValidVariant: 'add … not valid', validate: 'validate' }
  const tables = [
    sized('orders', 0, { kind: 'partitioned table' }),
    sized('first', GIGABYTE, { isPartition: true, parents }),
    sized('second', GIGABYTE, { isPartition: true, parents }),
    table('site'),
  ]
  expect(await hazards(tables, twoSteps)).toEqual([])
  expect(await hazards(tables, whole)).toEqual([
    'constraint.public.f: apply on the target waits about 50 s while it builds',
  ])
})
