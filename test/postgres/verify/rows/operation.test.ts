import { expect, test } from 'vitest'
import type { ResumeToken } from '../../../../src/verify/rows/resume-token.js'
import type { VerifyProgress } from '../../../../src/verify/rows/progress.js'
import { verifyTables } from '../../../../src/verify/rows/verify-tables.js'
import { sql, uniqueName, withClient } from '../../../support/databases.js'
import { pair } from '../../../support/servers.js'
import type { DatabasePair } from '../../../support/servers.js'
import { settingsFor } from '../../connect/settings.js'
import { lines, names, resultOf, verify } from './verifying.js'

async function numbered(rows: number): Promise<DatabasePair> {
  const both = await pair(13, 17, 'operation')
  for (const database of [both.source, both.target]) {
    await sql(
      database,
      `create table t (id int primary key, v int); insert into t select g, g from generate_series(1, ${String(rows)}) as g; analyze t`,
    )
  }
  return both
}

test('an interrupted verification goes on after the last chunk, and forgets no difference', async () => {
  const both = await numbered(10_000)
  await sql(both.target, 'delete from t where id in (5, 9999)')
  const stop = new AbortController()
  let token: (() => ResumeToken) | undefined
  const connections = { source: settingsFor(both.source), target: settingsFor(both.target) }
  const input = { connections, tables: names('t'), chunkRows: 100, jobs: 1 }
  const interrupted = verifyTables(
    {
      ...input,
      onToken: (latest) => {
        token = latest
        if ((latest().begun['public.t']?.chunks ?? 0) >= 40) stop.abort()
      },
    },
    stop.signal,
  )
  await expect(interrupted).rejects.toMatchObject({ code: 'aborted' })
  const resume = JSON.parse(JSON.stringify(token?.())) as ResumeToken
  expect(resume.begun['public.t']).toMatchObject({ after: ['4000'], chunks: 40, suspects: [{ upTo: ['100'] }] })
  let read = 0
  const result = await verify(both, names('t'), { chunkRows: 100, resume, onProgress: (p) => (read = p.rows.done) })
  expect(read).toBe(6_000)
  expect(resultOf(result, 'public.t')).toMatchObject({
    rows: { source: 10_000, target: 9_998 },
    chunks: 101,
    suspectChunks: 2,
  })
  expect(lines(resultOf(result, 'public.t').differences)).toEqual(['missing id=5', 'missing id=9999'])
})

test('a finished table is not compared again', async () => {
  const both = await numbered(10)
  let token: (() => ResumeToken) | undefined
  await verify(both, names('t'), { onToken: (latest) => (token = latest) })
  const resume = token?.()
  await sql(both.target, 'delete from t')
  expect(await verify(both, names('t'), resume === undefined ? {} : { resume })).toMatchObject({ verdict: 'equal' })
})

test('the rate limit holds over all jobs', async () => {
  const both = await numbered(10_000)
  const seen: VerifyProgress[] = []
  const result = await verify(both, names('t'), {
    chunkRows: 500,
    jobs: 3,
    maxRowsPerSecond: 5_000,
    onProgress: (p) => seen.push(p),
  })
  expect(result.verdict).toBe('equal')
  expect(result.durationMs).toBeGreaterThan(1_800)
  expect(seen.at(-1)).toMatchObject({ tables: { done: 1, total: 1 }, rows: { done: 10_000, total: 10_000 } })
  expect(seen.some((p) => p.etaSeconds !== undefined && p.etaSeconds > 0 && p.rowsPerSecond < 20_000)).toBe(true)
})

test('a sample finds missing and extra rows when it is as big as the table', async () => {
  const both = await numbered(20_000)
  await sql(
    both.target,
    'update t set v = 0 where id <= 10000; delete from t where id > 19000; insert into t select g, 1 from generate_series(20001, 30000) as g',
  )
  const { differences, method } = resultOf(
    await verify(both, names('t'), { depth: { sample: 300 }, maxDifferences: 1_000 }),
    'public.t',
  )
  expect(method).toBe('sample')
  expect(new Set(differences.map((d) => d.kind))).toEqual(new Set(['changed', 'missing', 'extra']))
})

test('beyond the limit of differences a table is only known to differ more', async () => {
  const both = await numbered(5_000)
  await sql(both.target, 'update t set v = v + 1')
  const result = resultOf(await verify(both, names('t'), { chunkRows: 100, maxDifferences: 250 }), 'public.t')
  expect(result.differences).toHaveLength(250)
  expect(result.unexplored).toBeGreaterThan(0)
})

test('many extra rows behind the last key of the source are found in bounded pieces', async () => {
  const both = await numbered(100)
  await sql(both.target, 'insert into t select g, g from generate_series(1000, 200000) as g')
  const result = resultOf(await verify(both, names('t'), { maxDifferences: 10 }), 'public.t')
  expect(result.rows).toEqual({ source: 100, target: 199_101 })
  expect(new Set(result.differences.map((d) => d.kind))).toEqual(new Set(['extra']))
})

test('what cannot be compared is said of its table, and the others are compared', async () => {
  const both = await numbered(10)
  for (const database of [both.source, both.target]) {
    await sql(
      database,
      `create table bad (id int primary key, v int); insert into bad values (1, 1); create table "Odd ""name" ("a'b" text primary key, "select" int); insert into "Odd ""name" values ('it''s "1"', 1)`,
    )
  }
  const role = uniqueName('reader')
  await sql(both.source, `alter table bad enable row level security; alter table bad force row level security`)
  await sql(
    both.target,
    `update "Odd ""name" set "select" = 2; alter table bad add column w int; create table late (id int)`,
  )
  for (const database of [both.source, both.target]) {
    await sql(
      database,
      'create table parted (id int) partition by hash (id); create table part partition of parted for values with (modulus 1, remainder 0); insert into parted values (1)',
    )
  }
  await sql(
    both.source,
    `create role ${role} login password 'x' nosuperuser; grant select on all tables in schema public to ${role}`,
  )
  const reader = { ...both.source, user: role, password: 'x' }
  const connections = { source: settingsFor(reader), target: settingsFor(both.target) }
  const tables = names('t', 'bad', 'Odd "name', 'late', 'parted', 'part')
  const result = await verifyTables({ connections, tables }, new AbortController().signal)
  expect(resultOf(result, 'public.t').verdict).toBe('equal')
  expect(resultOf(result, 'public.bad').couldNotTell).toMatch(/row-level security/)
  expect(resultOf(result, 'public."Odd ""name"').differences).toMatchObject([
    { kind: 'changed', key: { "a'b": `it's "1"` }, columns: ['select'] },
  ])
  expect(resultOf(result, 'public.parted')).toMatchObject({
    verdict: 'unknown',
    couldNotTell: expect.stringContaining('partitions'),
  })
  expect(resultOf(result, 'public.part')).toMatchObject({ verdict: 'equal', rows: { source: 1, target: 1 } })
  expect(resultOf(result, 'public.late').structure).toEqual(['the table is not on the source'])
})

test('values are shown only when asked for', async () => {
  const both = await numbered(3)
  await sql(both.target, 'update t set v = 918273645 where id = 2')
  expect(JSON.stringify(await verify(both, names('t')))).not.toContain('918273645')
  const shown = resultOf(await verify(both, names('t'), { showValues: true }), 'public.t').differences
  expect(shown).toMatchObject([{ values: { source: { id: '2', v: '2' }, target: { id: '2', v: '918273645' } } }])
})

test('databases with different encodings are compared by characters', async () => {
  const both = await pair(15, 17, 'encoding')
  const latin = { ...both.source, database: `latin_${both.source.database}` }
  await sql(
    both.source,
    `create database ${latin.database} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
  )
  for (const database of [latin, both.target]) {
    await withClient(database, async (client) => {
      await client.query(
        `create table t (id text primary key, v text[]); insert into t values ('é', '{ü}'), ('z', '{ß}'), ('a', null)`,
      )
    })
  }
  const wide = { source: latin, target: both.target }
  expect(await verify(wide, names('t'))).toMatchObject({
    verdict: 'equal',
    tables: [{ method: 'buckets', rows: { source: 3, target: 3 } }],
  })
  await sql(both.target, `update t set v = '{u}' where id = 'é'`)
  expect(lines(resultOf(await verify(wide, names('t')), 'public.t').differences)).toEqual(['changed id=é: v'])
})
