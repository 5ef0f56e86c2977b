import { describe, expect, test } from 'vitest'
import { indexCatalog } from '../../../src/catalog/indexed.js'
import type { Table } from '../../../src/catalog/relations.js'
import { scopeOf } from '../../../src/migration/scope.js'
import { column, emptyCatalog, keyless, schemaObject, table, tableObject } from '../planner/support/catalog.js'
import { loadGood, withLines } from '../spec/load-text.js'

const NATIVE = { forward: 'native', reverse: 'native' } as const

async function routes(
  tables: readonly Table[],
  ...lines: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const spec = await loadGood(withLines(...lines))
  const { tables: scoped } = scopeOf(spec, indexCatalog({ ...emptyCatalog('source', 15), tables }), NATIVE)
  return Object.fromEntries(
    scoped.map((t) => [t.table.name, t.because === undefined ? t.route : `${t.route}: ${t.because}`]),
  )
}

describe('how the rows of a table travel', () => {
  const json = [column('payload', 'json', { equality: false })]

  test('by what identifies a row', async () => {
    const tables = [
      table('keyed'),
      keyless('plain'),
      keyless('full', { replicaIdentity: 'full' }),
      table('keyed_full', { replicaIdentity: 'full' }),
      keyless('nothing', { replicaIdentity: 'nothing' }),
      keyless('document', { columns: json }),
      keyless('full_document', { columns: json, replicaIdentity: 'full' }),
      table('keyed_document', { columns: [column('id'), ...json] }),
    ]
    const unequal = 'column payload has type json, which has no equality, so REPLICA IDENTITY FULL cannot find its rows'
    expect(await routes(tables)).toEqual({
      keyed: 'replicate',
      plain: 'replicate-full',
      full: 'replicate',
      keyed_full: 'replicate',
      nothing: 'replicate-full',
      document: `copy-at-cutover: ${unequal}`,
      full_document: `copy-at-cutover: ${unequal}`,
      keyed_document: 'replicate',
    })
  })

  test('by its kind', async () => {
    const tables = [
      table('leaf', { isPartition: true }),
      table('parent', { kind: 'partitioned table' }),
      table('far', { kind: 'foreign table' }),
      table('cache', { persistence: 'unlogged' }),
    ]
    expect(await routes(tables)).toEqual({
      leaf: 'replicate',
      parent: 'none',
      far: 'none',
      cache: 'copy-at-cutover: it is unlogged, so its changes are not in the log',
    })
  })

  test('by the spec: a table named decides before the default, and only where there is no key', async () => {
    const tables = [table('keyed'), keyless('a'), keyless('b'), keyless('c')]
    const lines = [
      'keyless: { default: copy_at_cutover, tables: { public.a: replicate_full } }',
      'scope: { tables: { exclude: [public.b], schema_only: [public.c] } }',
    ]
    expect(await routes(tables, ...lines)).toEqual({ keyed: 'replicate', a: 'replicate-full', c: 'none' })
  })

  test('by the spec: with rows listed, every other table comes empty', async () => {
    const tables = [table('orders'), table('order_line'), table('audit'), keyless('log')]
    const lines = ['scope: { tables: { with_rows: ["public.order*", public.log], schema_only: [public.order_line] } }']
    expect(await routes(tables, ...lines)).toEqual({
      orders: 'replicate',
      order_line: 'none',
      audit: 'none',
      log: 'replicate-full',
    })
  })
})

test('what belongs to an excluded table is out of scope with it', async () => {
  const spec = await loadGood(withLines('scope: { schemas: [public], tables: { exclude: [public.old] } }'))
  const of = { table: { schema: 'public', name: 'old' } }
  const old = tableObject('old')
  const comment = schemaObject('comment', 'c', { about: old.key })
  const about = schemaObject('grant', 'g', { about: schemaObject('index', 'old_idx').key })
  const objects = [old, comment, schemaObject('index', 'old_idx', of), about, tableObject('new')]
  const catalog = {
    ...emptyCatalog('source', 15),
    script: { objects, tool: { kind: 'bundled', version: '18' } as const },
  }
  const { includesObject, includesSchema } = scopeOf(spec, indexCatalog(catalog), NATIVE)
  expect(objects.filter(includesObject).map((o) => o.name)).toEqual(['new'])
  expect(['public', 'billing', 'belt'].map(includesSchema)).toEqual([true, false, false])
})
