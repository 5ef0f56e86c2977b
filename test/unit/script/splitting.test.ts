import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../src/core/quote.js'
import { parseScript } from '../../../src/inspect/script/parse-script.js'
import { dump, entry, script, statementsOf } from './dump.js'

const TABLE = 'CREATE TABLE public.t (\n    a integer\n)'
const TAIL = 'CREATE TABLE public.tail (\n    a integer\n)'
const HEADER = '\n--\n-- Name: fake; Type: TABLE; Schema: public; Owner: postgres\n--\n\nCREATE TABLE public.fake ();\n'
const CLOSING = '\n--\n-- PostgreSQL database dump complete\n--\n\n'

/** What has cut statements wrongly in other tools, and any text at all. */
const fragment = fc.oneof(
  fc.constantFrom(
    ';',
    ';\n',
    "'",
    "''",
    '"',
    '$$',
    '$a$',
    '$body$',
    '--',
    '/*',
    '*/',
    '\\',
    '\\\\',
    '(',
    ')',
    'BEGIN ATOMIC',
    'END;',
    'CASE',
    'grant select on x to y;',
    'create index on x (y);',
    'not valid',
    '\\restrict abc\n',
    '\r\n',
    HEADER,
    CLOSING,
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)
const text = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('').replaceAll('\u0000', ''))
const name = text.map((raw) => Array.from(raw).slice(0, 40).join('')).filter((raw) => raw !== '')

/** As pg_dump chooses it: the tag grows until the body does not hold it. */
function dollarQuoted(body: string): string {
  let tag = '$_'
  const letters = '_XXXXXXX'
  for (let i = 0; body.includes(tag); i++) tag += letters[i % letters.length] ?? ''
  return `${tag}$${body}${tag}$`
}

const statement = fc.oneof(
  fc
    .tuple(name, text)
    .map(([f, body]) => [
      'FUNCTION',
      `CREATE FUNCTION public.${quoteIdent(f)}() RETURNS text\n    LANGUAGE plpgsql\n    AS ${dollarQuoted(body)}`,
    ]),
  fc
    .tuple(name, text)
    .map(([f, body]) => [
      'FUNCTION',
      `CREATE FUNCTION public.${quoteIdent(f)}() RETURNS SETOF text\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT\n         CASE\n             WHEN true THEN ${quoteLiteral(body)}\n             ELSE 'b'::text\n         END AS "end";\n SELECT 'x;'::text;\nEND`,
    ]),
  fc
    .tuple(name, name, text)
    .map(([t, column, value]) => [
      'TABLE',
      `CREATE TABLE public.${quoteIdent(t)} (\n    ${quoteIdent(column)} text DEFAULT ${quoteLiteral(value)}\n)`,
    ]),
  fc
    .tuple(name, text)
    .map(([t, value]) => ['COMMENT', `COMMENT ON TABLE public.${quoteIdent(t)} IS ${quoteLiteral(value)}`]),
)

test('whatever bodies, names and constants hold, every statement comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 8 }), name, async (statements, tag) => {
      const entries = statements.map(([type = '', sql = '']) => entry(tag, type, sql, TAIL))
      const parsed = await script(...entries)
      const expected = statements.flatMap(([, sql = '']) => [sql, TAIL])
      expect([...statementsOf(parsed)].sort()).toEqual(expected.sort())
      expect(parsed.objects.filter(({ kind }) => kind === 'unknown')).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('a dump that is cut off anywhere is refused', async () => {
  const body = `CREATE FUNCTION public.f() RETURNS text\n    LANGUAGE sql\n    AS $$select '${HEADER}${CLOSING}'$$`
  const whole = dump(entry('f()', 'FUNCTION', body), entry('t', 'TABLE', TABLE))
  const end = whole.lastIndexOf('-- PostgreSQL database dump complete\n')
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: end }), async (length) => {
      const cut = parseScript(whole.slice(0, length), { kind: 'native', version: '17' })
      await expect(cut).rejects.toMatchObject({ code: 'dump-incomplete' })
    }),
    { numRuns: 500 },
  )
})

test('a body far longer than what is parsed at once, full of what looks like entries, stays one statement', async () => {
  const body = `CREATE FUNCTION public.long() RETURNS text\n    LANGUAGE sql\n    AS $$${HEADER.repeat(5000)}$$`
  const parsed = await script(entry('long()', 'FUNCTION', body), entry('t', 'TABLE', TABLE), entry('u', 'TABLE', TABLE))
  expect(parsed.objects.map(({ key }) => key)).toEqual(['function public.long()', 'table public.t'])
  expect(statementsOf(parsed)).toEqual([body, TABLE, TABLE])
})

test('entries that fill many chunks come out in order', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => `CREATE TABLE public."tä${String(i)}" (\n    "é" text\n)`)
  const parsed = await script(...many.map((sql) => entry('t', 'TABLE', sql)))
  expect(statementsOf(parsed)).toEqual(many)
  expect(parsed.objects.map(({ order }) => order)).toEqual(many.map((_, i) => i))
})

test('an abort ends the reading of a long dump', async () => {
  const text = dump(...Array.from({ length: 2000 }, () => entry('t', 'TABLE', TABLE)))
  const parsing = parseScript(text, { kind: 'native', version: '17' }, AbortSignal.abort())
  await expect(parsing).rejects.toMatchObject({ code: 'aborted' })
})
