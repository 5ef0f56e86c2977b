import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import type { SecretUse } from '../../../src/actions/base.js'
import { enclosingString } from '../../../src/apply/enclosing-string.js'
import { fillSecrets } from '../../../src/apply/fill-secrets.js'
import { quoteLiteral } from '../../../src/core/quote.js'
import { Secret } from '../../../src/core/secret.js'

const PLACE = '${secret:x}'
const use = (as: SecretUse['as']): SecretUse => ({ placeholder: PLACE, source: { from: 'spec', path: 'x' }, as })
const values = (value: string) => new Map([[PLACE, new Secret(value)]])

/** What the server reads from a string constant, standard_conforming_strings on. */
function readConstant(constant: string): string {
  if (!constant.startsWith('E')) return constant.slice(1, -1).replaceAll("''", "'")
  return constant.slice(2, -1).replaceAll(/''|\\(.)/gsu, (all, escaped: string | undefined) => escaped ?? all.slice(1))
}

/** What libpq reads as the password of a connection string that ends with it. */
function readPassword(conninfo: string): string {
  const value = conninfo.slice(conninfo.indexOf('password=') + 'password='.length)
  if (!value.startsWith("'")) return value
  return value.slice(1, -1).replaceAll(/\\(.)/gsu, '$1')
}

const secret = fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.includes('\u0000'))

test('a literal secret arrives as it is', () => {
  fc.assert(
    fc.property(secret, (value) => {
      const sql = fillSecrets(`alter role r password ${PLACE}`, [use('literal')], values(value))
      expect(readConstant(sql.slice('alter role r password '.length))).toBe(value)
    }),
  )
})

test('a secret of a connection string inside a string constant arrives as it is, in both kinds of constant', () => {
  fc.assert(
    fc.property(secret, fc.constantFrom('db', String.raw`d\'b`), (value, name) => {
      const [before = '', after = ''] = quoteLiteral(`dbname=${name} password=@`).split('@')
      const sql = fillSecrets(
        `create subscription s connection ${before}${PLACE}${after}`,
        [use('conninfo')],
        values(value),
      )
      expect(readPassword(readConstant(sql.slice('create subscription s connection '.length)))).toBe(value)
    }),
  )
})

test('only listed placeholders are replaced, once', () => {
  const sql = fillSecrets(`select ${PLACE}, '\${secret:y}'`, [use('literal')], values('${secret:y}'))
  expect(sql).toBe(`select '\${secret:y}', '\${secret:y}'`)
  expect(fillSecrets(`select '${PLACE}'`, [], values('z'))).toBe(`select '${PLACE}'`)
})

test('a role without a password gets none', () => {
  expect(fillSecrets(`alter role r password ${PLACE}`, [use('literal')], new Map([[PLACE, null]]))).toBe(
    'alter role r password null',
  )
})

test('a secret that nobody could read stops the statement', () => {
  expect(() => fillSecrets(`select ${PLACE}`, [use('literal')], new Map())).toThrow(/cannot provide/)
})

test('constants are told from names, comments and dollar quotes', () => {
  const kind = (sql: string) => enclosingString(sql, sql.indexOf('@'))
  expect(kind(`select 'a''@'`)).toBe('plain')
  expect(kind(`select E'\\'@'`)).toBe('escape')
  expect(kind(`select "it's", @`)).toBeUndefined()
  expect(kind(`select 'x' -- it's\n, '@'`)).toBe('plain')
  expect(kind(`select $q$it's$q$, E'@'`)).toBe('escape')
})
