import { fc } from '../../support/properties.js'
import { parse } from 'libpg-query'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseQualified } from '../../../src/core/qualified-name.js'
import { quoteConninfo, quoteIdent, quoteLiteral, quoteQualified } from '../../../src/core/quote.js'
import { readConninfo } from './conninfo.js'
import { hostileNames, hostileTexts } from './hostile.js'

/** What the parser of Postgres makes of an expression: column names as they were meant, or the text of a constant. */
async function meaningOf(expression: string): Promise<unknown> {
  const tree = (await parse(`select ${expression}`)) as unknown
  const target = dig(tree, 'stmts', 0, 'stmt', 'SelectStmt', 'targetList')
  expect(target).toHaveLength(1)
  const value = dig(target, 0, 'ResTarget', 'val')
  const constant = dig(value, 'A_Const', 'sval')
  if (constant !== undefined) return dig(constant, 'sval') ?? ''
  const fields = dig(value, 'ColumnRef', 'fields')
  return Array.isArray(fields) ? fields.map((f: unknown) => dig(f, 'String', 'sval')) : value
}

function dig(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((v, key) => (v as Record<string | number, unknown> | undefined)?.[key], value)
}

describe('what the parser of Postgres reads back', () => {
  beforeAll(() => meaningOf('1'))

  test('an identifier is one name, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(hostileNames, async (name) => {
        expect(await meaningOf(quoteIdent(name))).toEqual([name])
      }),
    )
  })

  test('a qualified name is two, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(hostileNames, hostileNames, async (schema, name) => {
        expect(await meaningOf(quoteQualified(schema, name))).toEqual([schema, name])
      }),
    )
  })

  test('a constant is one text, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(hostileTexts, async (text) => {
        expect(await meaningOf(quoteLiteral(text))).toBe(text)
      }),
    )
  })
})

test('a qualified name as belt writes it is read back by belt, as in keyless.tables', () => {
  fc.assert(
    fc.property(hostileNames, hostileNames, (schema, name) => {
      expect(parseQualified(quoteQualified(schema, name))).toEqual({ schema, name })
    }),
  )
})

test('two names never read alike', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(hostileNames, hostileNames), { selector: String, maxLength: 50 }), (pairs) => {
      const distinct = new Set(pairs.map((pair) => JSON.stringify(pair)))
      expect(new Set(pairs.map(([schema, name]) => quoteQualified(schema, name))).size).toBe(distinct.size)
    }),
  )
})

test('a value of a connection string is read back by the rules of libpq', () => {
  fc.assert(
    fc.property(fc.array(hostileTexts, { minLength: 1, maxLength: 4 }), (values) => {
      const text = values.map((value, n) => `k${String(n)}=${quoteConninfo(value)}`).join(' ')
      expect(readConninfo(text)).toEqual(Object.fromEntries(values.map((value, n) => [`k${String(n)}`, value])))
    }),
  )
})

test('NUL bytes are refused: no server could hold them', () => {
  for (const quote of [quoteIdent, quoteLiteral, quoteConninfo]) expect(() => quote('a\u0000b')).toThrow(RangeError)
})
