import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import { quoteConninfo, quoteLiteral } from '../../../src/core/quote.js'
import { Secret } from '../../../src/core/secret.js'
import { SecretRegistry } from '../../../src/postgres/redact.js'

/** Ways in which a password stands in what servers say; each gives the text around a properly quoted password. */
const SHAPES: Readonly<Record<string, (password: string) => string>> = {
  conninfo: (p) => `host=db password=${quoteConninfo(p)} dbname=shop`,
  'conninfo, always quoted': (p) => `host=db password='${escaped(p)}' dbname=shop`,
  'conninfo with spaces': (p) => `could not connect: password = '${escaped(p)}' user=x`,
  'conninfo in an SQL literal': (p) =>
    `create subscription s connection ${quoteLiteral(`password='${escaped(p)}' user=x`)} publication p`,
  'bare conninfo': (p) => `password=${p.replace(/[\s\\']/g, (c) => `\\${c}`)} user=x`,
  sslpassword: (p) => `sslpassword='${escaped(p)}'`,
  URL: (p) => `could not connect to "postgres://app:${encodeURIComponent(p)}@db:5432/shop?sslmode=require": refused`,
  'URL parameter': (p) => `postgresql://db/shop?user=x&password=${encodeURIComponent(p)}&sslmode=require`,
  'create role': (p) => `create role app login password ${quoteLiteral(p)} valid until 'infinity'`,
  'alter role, dollar quoted': (p) => `ALTER ROLE app PASSWORD $pw$${p}$pw$`,
  'user mapping': (p) => `options (user 'u', password ${quoteLiteral(p)})`,
  JSON: (p) => JSON.stringify({ host: 'db', password: p, port: 1 }),
  environment: (p) => `PGPASSWORD='${p.replaceAll("'", "''")}'`,
  'JSON in JSON': (p) => JSON.stringify({ message: JSON.stringify({ password: p }) }),
  'cut short': (p) => `DETAIL: password='${escaped(p)}`,
}

function escaped(password: string): string {
  return password.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
}

/** Quotes and backslashes far more often than chance would have them. */
const around = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", '"', '\\', ' ', '$', '@', 'x'), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)

/** A recognizable piece, so that its absence means something, with whatever around it. */
const password = fc
  .tuple(around, around)
  .map(([before, after]) => `${before}pl4ntedS3cret${after}`)
  .filter((text) => !text.includes('\u0000') && !text.includes('$pw$'))

describe('what a server says', () => {
  test.each(Object.entries(SHAPES))('shows no password in the shape of %s, known or not', (_, shape) => {
    fc.assert(
      fc.property(password, fc.boolean(), (secret, known) => {
        const registry = new SecretRegistry()
        if (known) registry.add(new Secret(secret))
        const text = `ERROR:  it failed\nDETAIL:  ${shape(secret)}`
        const shown = registry.redact(text)
        expect(shown).not.toContain('pl4ntedS3cret')
        expect(shown).toContain('ERROR:  it failed')
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['as it is', (p: string) => `the value ${p} is bad`],
    ['in an SQL literal', (p: string) => `select ${quoteLiteral(p)}`],
    ['in a URL', (p: string) => `see ${encodeURIComponent(p)} there`],
    ['in conninfo', (p: string) => `x=${quoteConninfo(p)}`],
    ['in conninfo in a literal', (p: string) => quoteLiteral(`x=${quoteConninfo(p)}`)],
    ['in JSON', (p: string) => JSON.stringify([p])],
  ])('shows no known secret %s, wherever it stands', (_, shape) => {
    fc.assert(
      fc.property(password, (secret) => {
        const registry = new SecretRegistry()
        registry.add(new Secret(secret))
        expect(registry.redact(shape(secret))).not.toContain('pl4ntedS3cret')
      }),
      { numRuns: 300 },
    )
  })

  test('shows no verifier and no hash', () => {
    const scram =
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='
    const md5 = 'md5a3556571e93b0d20722ba62be61e8c2d'
    const shown = new SecretRegistry().redact(`role x has ${scram}, y has '${md5}', z ${scram.slice(0, 50)}`)
    expect(shown).toBe("role x has [redacted], y has '[redacted]', z [redacted]")
  })

  test('stays readable otherwise', () => {
    for (const text of [
      'password authentication failed for user "app"',
      'relation "public.passwords" does not exist',
      'no pg_hba.conf entry for host "10.0.0.1", user "app", database "shop", no encryption',
      "parameter password_encryption is 'scram-sha-256'",
      'see https://www.postgresql.org/docs/17/libpq.html and mail a@b.example',
      'column "md5" of type md5sum',
    ]) {
      expect(new SecretRegistry().redact(text)).toBe(text)
    }
    expect(new SecretRegistry().redact('host=a password=x user=b')).toBe('host=a password=[redacted] user=b')
  })

  test('loses no words to a secret too short to be one', () => {
    const registry = new SecretRegistry()
    registry.add(new Secret('a'))
    expect(registry.redact('a table')).toBe('a table')
  })

  test('shows no remainder of a secret that contains another', () => {
    const registry = new SecretRegistry()
    for (const secret of ['word', 'password-word-long']) registry.add(new Secret(secret))
    expect(registry.redact('got password-word-long!')).toBe('got [redacted]!')
  })
})
