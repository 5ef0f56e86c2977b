import { describe, expect, test } from 'vitest'
import { entry, only, script } from './dump.js'

test('a statement of a later version is an object of its own, and its neighbours are read as ever', async () => {
  const atomic = `CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 ELSE 2 END AS "end";\n SELECT 3;\nEND`
  const graph = 'CREATE PROPERTY GRAPH public.g VERTEX TABLES (public.t)'
  const { objects } = await script(
    entry('f()', 'FUNCTION', atomic),
    entry('g', 'PROPERTY GRAPH', graph, 'ALTER PROPERTY GRAPH public.g OWNER TO app'),
    entry('t', 'TABLE', 'CREATE TABLE public.t (\n)'),
  )
  expect(objects.map(({ key, statements }) => [key, ...statements])).toEqual([
    ['function public.f()', atomic],
    ['unknown PROPERTY GRAPH g', graph, 'ALTER PROPERTY GRAPH public.g OWNER TO app'],
    ['table public.t', 'CREATE TABLE public.t (\n)'],
  ])
  expect(objects[1]).toMatchObject({
    kind: 'unknown',
    schema: 'public',
    name: 'g',
    problem: expect.stringContaining('PROPERTY'),
  })
})

test('a statement the parser knows and pg_dump is not known to write is not lost either', async () => {
  expect(await only('TABLE', 'DROP TABLE public.t')).toMatchObject({ kind: 'unknown', problem: 'no rule for DropStmt' })
  expect(await only('TABLE', 'ALTER TABLE public.t OWNER TO app')).toMatchObject({ kind: 'unknown' })
})

test('passwords in a statement that is not understood are blanked, in its reason too', async () => {
  const object = await only(
    'SERVER',
    `CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS FOR (password 'hunter2', a E'hunter\\\\2')`,
  )
  expect(object).toMatchObject({ kind: 'unknown' })
  expect(object.statements).toEqual([`CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS FOR (password '***', a '***')`])
  expect(JSON.stringify(await only('SERVER', `CREATE SERVER s 'hunter2' OPTIONS (a 'hunter2')`))).not.toContain(
    'hunter2',
  )
})

describe('a dump made with other options than belt uses is refused', () => {
  test.each([
    ['tablespaces', "SET default_tablespace = 'fast'"],
    ['standard_conforming_strings', 'SET standard_conforming_strings = off'],
    ['publications', "CREATE PUBLICATION p WITH (publish = 'insert')"],
    ['subscriptions', "CREATE SUBSCRIPTION s CONNECTION 'password=hunter2' PUBLICATION p"],
  ])('%s', async (_, statement) => {
    const parsing = script(entry('x', 'X', statement))
    await expect(parsing).rejects.toMatchObject({
      code: 'dump-options',
      message: expect.not.stringContaining('hunter2'),
    })
  })
})
