import { describe, expect, test } from 'vitest'
import type { TablePart } from '../../../../src/core/table-part.js'
import type { VerifyInput } from '../../../../src/verify/rows/verify-input.js'
import { sql } from '../../../support/databases.js'
import { pair } from '../../../support/servers.js'
import type { DatabasePair } from '../../../support/servers.js'
import { lines, resultOf, verify } from './verifying.js'

const PART: TablePart = { filter: `shard = 'a' -- ours`, columns: ['id', 'kept', 'shard'] }

function only(part: TablePart | undefined): VerifyInput['tables'] {
  return [{ schema: 'public', name: 't', mode: 'at-rest', ...(part === undefined ? {} : { part }) }]
}

/** The target holds the part, and defaults beside it. `spread`: as a table whose keys lie about, it is compared by buckets. */
async function moved(spread: boolean): Promise<DatabasePair> {
  const both = await pair(15, 17, 'parts')
  const key = spread ? 'md5(id::text)' : `lpad(id::text, 9, '0')`
  for (const database of [both.source, both.target]) {
    await sql(
      database,
      `create table t (shard text collate "C", id text collate ${spread ? '"en_US"' : '"C"'}, kept text, left_out text not null default 'd', primary key (shard, id))`.replace(
        'collate "en_US"',
        'collate "default"',
      ),
    )
  }
  await sql(
    both.source,
    `insert into t select s, ${key}, 'k' || id, 'only here ' || id from unnest(array['a', 'b']) as s, generate_series(1, 700) as id`,
  )
  await sql(
    both.target,
    `insert into t (shard, id, kept) select 'a', ${key}, 'k' || id from generate_series(1, 700) as id`,
  )
  return both
}

describe.each([
  ['in key order', false],
  ['by buckets', true],
] as const)('a part of a table, %s', (_, spread) => {
  test('is the same though the rest differs, and nothing else is', async () => {
    const both = await moved(spread)
    const equal = await verify(both, only(PART), { chunkRows: 50 })
    expect(equal).toMatchObject({ verdict: 'equal', tables: [{ rows: { source: 700, target: 700 } }] })
    expect((await verify(both, only(undefined))).verdict).toBe('different')
    expect((await verify(both, only({ columns: ['id', 'kept', 'shard'] }))).verdict).toBe('different')
    expect((await verify(both, only({ filter: `shard = 'a'` }))).verdict).toBe('different')
    expect((await verify(both, only(PART), { depth: { sample: 40 } })).verdict).toBe('equal')
  })

  test('is found to differ by a row that is missing, extra or changed, and by a row outside it on the target', async () => {
    const both = await moved(spread)
    await sql(
      both.target,
      `delete from t where kept = 'k7'; update t set kept = 'other' where kept = 'k8'; update t set left_out = 'whatever' where kept = 'k9';
       insert into t values ('a', 'zz', 'extra')`,
    )
    await sql(
      both.source,
      `update t set kept = 'not ours' where shard = 'b'; delete from t where shard = 'b' and kept < 'k3'`,
    )
    const found = resultOf(await verify(both, only(PART), { chunkRows: 50 }), 'public.t')
    expect(found.structure).toEqual([])
    expect(lines(found.differences).map((l) => l.replace(/id=(?!zz)\w+/, 'id=?'))).toEqual([
      'changed shard=a id=?: kept',
      'extra shard=a id=zz',
      'missing shard=a id=?',
    ])
    await sql(both.target, `insert into t values ('b', '1', 'stray'), ('c', '2', 'stray')`)
    const stray = resultOf(await verify(both, only(PART)), 'public.t')
    expect(stray).toMatchObject({ verdict: 'different', structure: ['the target holds 2 rows outside the row filter'] })
  })
})
