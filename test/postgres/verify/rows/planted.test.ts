import { expect, test } from 'vitest'
import { databaseOf, sql } from '../../../support/databases.js'
import { pair } from '../../../support/servers.js'
import type { DatabasePair } from '../../../support/servers.js'
import { columnsFor, PRELUDE } from './every-type.js'
import { lines, names, resultOf, verify } from './verifying.js'

const PAIRS = [
  [12, 17],
  [13, 18],
  [15, 17],
  [18, 14],
] as const

test.each(PAIRS)('a change of any type is found from %i to %i, with its key and column', async (from, to) => {
  const both = await pair(from, to, 'planted')
  const columns = columnsFor(Math.min(from, to))
  const declared = columns.map((c) => `${c.name} ${c.type}`)
  const insert = (id: string): string =>
    `insert into every (id, ${columns.map((c) => c.name).join(', ')}) select ${id}, ${columns.map((c) => `${c.value}::${c.type}`).join(', ')}`
  await sql(
    both.source,
    `${PRELUDE('as is')} create table every (id int primary key, gone text, ${declared.join(', ')})`,
  )
  await sql(both.source, 'alter table every drop column gone')
  // The other order of columns, and none dropped.
  await sql(
    both.target,
    `${PRELUDE('moved')} create table every (${[...declared].reverse().join(', ')}, id int primary key)`,
  )
  const rows = columns.length + 3
  for (const database of [both.source, both.target]) {
    await sql(database, `${insert('g')} from generate_series(1, ${String(rows)}) as g; analyze every`)
  }
  expect(await verify(both, names('every'))).toMatchObject({
    verdict: 'equal',
    tables: [{ rows: { source: rows, target: rows } }],
  })
  for (const [nth, { name, planted, type }] of columns.entries()) {
    await sql(
      both.target,
      `update every set ${name} = ${planted === 'null' ? 'null' : `(${planted})::${type}`} where id = ${String(nth + 1)}`,
    )
  }
  const result = await verify(both, names('every'), { chunkRows: 7 })
  expect(lines(resultOf(result, 'public.every').differences)).toEqual(
    columns.map(({ name }, nth) => `changed id=${String(nth + 1)}: ${name}`).sort(),
  )
})

test.each(PAIRS)('what prints the same is no difference from %i to %i', async (from, to) => {
  const both = await pair(from, to, 'same')
  const table = 'create table t (id int primary key, f float8, fs float8[], x xml, c char(4), n numeric, d date)'
  await sql(both.source, table)
  await sql(both.target, table)
  // A NaN that arithmetic made has another sign bit; XML input keeps the declaration that output leaves out; an array that
  // once held NULL may keep its bitmap.
  const nan = `'Infinity'::float8 - 'Infinity'::float8`
  await sql(
    both.source,
    `insert into t values (1, ${nan}, array[${nan}], '<?xml version="1.0" encoding="UTF-8"?><a/>', 'ab', 1e3, '2024-02-29')`,
  )
  await sql(both.target, `insert into t values (1, 'NaN', '{NaN}', '<a/>', 'ab  ', 1000, '2024-02-29')`)
  for (const database of [both.source, both.target]) {
    await sql(
      database,
      `insert into t select g, 1, array[null, g], '<b/>', 'x', g, '2024-02-29' from generate_series(2, 9) as g`,
    )
  }
  await sql(both.source, 'update t set fs[1] = 5 where id > 1')
  await sql(both.target, `update t set fs = array[5, id] where id > 1`)
  expect(lines(resultOf(await verify(both, names('t')), 'public.t').differences)).toEqual([])
})

test('settings of databases and roles do not reach the comparison', async () => {
  const both = await pair(13, 17, 'settings')
  await fill(
    both,
    `create table t (id int primary key, f float8, at timestamptz, i interval, b bytea, m money, r regclass)`,
    `insert into t select g, g / 3.0::float8, '2024-01-01Z'::timestamptz + g * interval '1 hour', g * interval '100 minutes', decode(md5(g::text), 'hex'), g, 't' from generate_series(1, 100) as g`,
  )
  const name = `"${both.source.database}"`
  for (const setting of [
    `extra_float_digits = -15`,
    `datestyle = 'German'`,
    `timezone = 'Asia/Tokyo'`,
    `intervalstyle = 'iso_8601'`,
    `bytea_output = 'escape'`,
    `search_path = 'public'`,
    `default_transaction_read_only = on`,
    `statement_timeout = 1`,
  ]) {
    await sql(databaseOf(both.source.server, 'postgres'), `alter database ${name} set ${setting}`)
  }
  expect(await verify(both, names('t'))).toMatchObject({
    verdict: 'equal',
    tables: [{ rows: { source: 100, target: 100 } }],
  })
})

test.each(PAIRS.slice(0, 2))(
  'missing, extra, swapped and merely NULL-shifted rows are told apart from %i to %i',
  async (from, to) => {
    const both = await pair(from, to, 'kinds')
    await fill(
      both,
      'create table t (id int primary key, a text, b text)',
      `insert into t select g, 'a' || g, 'b' || g from generate_series(1, 1000) as g`,
    )
    await sql(
      both.source,
      `update t set a = null, b = '' where id = 500; update t set a = 'a', b = 'b' where id = 600; update t set a = '1,2', b = '3' where id = 700`,
    )
    await sql(
      both.target,
      `
    update t set a = '', b = null where id = 500; update t set a = 'ab', b = '' where id = 600; update t set a = '1', b = '2,3' where id = 700;
    update t set a = 'a101' where id = 100; update t set a = 'a100' where id = 101;
    update t set a = 'b200', b = 'a200' where id = 200;
    delete from t where id in (1, 333, 1000); insert into t values (-5, 'x', 'y'), (5000, null, null)`,
    )
    const expected = [
      ...[
        'changed id=100: a',
        'changed id=101: a',
        'changed id=200: a, b',
        'changed id=500: a, b',
        'changed id=600: a, b',
      ],
      ...['changed id=700: a, b', 'extra id=-5', 'extra id=5000', 'missing id=1', 'missing id=1000', 'missing id=333'],
    ]
    for (const chunkRows of [10, 333, 100_000]) {
      const result = await verify(both, names('t'), { chunkRows })
      expect(result.verdict).toBe('different')
      expect(lines(resultOf(result, 'public.t').differences)).toEqual(expected)
    }
  },
)

test.each(PAIRS.slice(0, 3))('a keyless table is compared as a multiset from %i to %i', async (from, to) => {
  const both = await pair(from, to, 'keyless')
  await fill(
    both,
    'create table t (a int, b json)',
    `insert into t select g % 100, '{}' from generate_series(1, 1000) as g`,
  )
  expect(await verify(both, names('t'))).toMatchObject({ verdict: 'equal' })
  // As many rows as before, and every pair cancels itself in an exclusive or.
  await sql(
    both.target,
    `
    delete from t where ctid in (select ctid from t where a = 7 limit 2);
    insert into t values (8, '{}'), (8, '{}')`,
  )
  const differing = resultOf(await verify(both, names('t'), { showValues: true }), 'public.t').differences
  expect(lines(differing)).toEqual(['extra 10:12', 'missing 10:8'])
  expect(differing.map((d) => (d.values?.source ?? {})['a']).sort()).toEqual(['7', '8'])
})

test('virtual and stored generated columns are compared as they read', async () => {
  const both = await pair(18, 18, 'generated')
  const table = (factor: number): string =>
    `create table t (id int primary key, v int, twice int generated always as (v * ${String(factor)}) virtual, kept int generated always as (v + 1) stored)`
  await sql(both.source, `${table(2)}; insert into t select g, g from generate_series(0, 2) as g`)
  await sql(both.target, `${table(3)}; insert into t select g, g from generate_series(0, 2) as g`)
  const { differences } = resultOf(await verify(both, names('t')), 'public.t')
  expect(lines(differences)).toEqual(['changed id=1: twice', 'changed id=2: twice'])
})

async function fill(both: DatabasePair, table: string, rows: string): Promise<void> {
  for (const database of [both.source, both.target]) await sql(database, `${table}; ${rows}; analyze`)
}
