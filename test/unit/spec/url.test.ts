import { describe, expect, test } from 'vitest'
import { parseConnectionUrl } from '../../../src/spec/connection-url.js'
import { load, loadGood, MINIMAL, report } from './load-text.js'

const withSource = (source: string): string => MINIMAL.replace(/source:\n( {2}.*\n)+/, () => `source: ${source}\n`)

describe('a connection URL', () => {
  test.each([
    ['postgres://u:p@h:6543/db', { host: 'h', port: 6543, database: 'db', user: 'u', password: 'p' }],
    ['postgresql://u@h/db', { host: 'h', port: 5432, database: 'db', user: 'u', password: undefined }],
    ['postgres://u%40x:p%2F%3A%40@h/d%20b', { user: 'u@x', password: 'p/:@', database: 'd b' }],
    ['postgres://u:a:b@h/db', { user: 'u', password: 'a:b' }],
    ['postgres://[2001:db8::1]:5433/db', { host: '2001:db8::1', port: 5433, user: undefined }],
    ['postgres://%2Fvar%2Frun/db', { host: '/var/run' }],
    ['postgres:///db?host=/tmp&port=5499&user=x&password=y', { host: '/tmp', port: 5499, user: 'x', password: 'y' }],
    ['postgres://h/?dbname=other', { database: 'other' }],
    [
      'postgres://h/db?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=c&sslkey=k',
      { tls: { mode: 'verify-full', ca: '/ca.pem', cert: 'c', key: 'k' } },
    ],
    ['postgres://h/db?ssl=true', { tls: { mode: 'require' } }],
    ['postgres://h/db?channel_binding=require&x=1', { ignored: ['channel_binding', 'x'] }],
  ])('%s', (text, parts) => {
    expect(parseConnectionUrl(text)).toMatchObject({ url: parts })
  })

  test.each([
    ['mysql://h/db', /does not begin with/],
    ['host=h dbname=db', /does not begin with/],
    ['postgres://u:p@x@h/db', /%40/],
    ['postgres://u:p/q@h/db', /port|form/],
    ['postgres://a,b/db', /several hosts/],
    ['postgres://a:1,b:2/db', /several hosts/],
    ['postgres://h', /no database/],
    ['postgres:///db', /no host/],
    ['postgres://h:99999/db', /port/],
    ['postgres://h:x/db', /port/],
    ['postgres://h/db?sslmode=on', /sslmode/],
    ['postgres://u%:p@h/db', /percent/],
    ['postgres://h/db?user=%zz', /percent/],
  ])('%s is refused', (text, problem) => {
    const parsed = parseConnectionUrl(text)
    expect('problem' in parsed ? parsed.problem : parsed).toMatch(problem)
  })
})

describe('`url:` in a spec', () => {
  const URL = 'postgres://me:s%40cret@db.internal:6000/shop?sslmode=verify-ca&sslrootcert=ca.pem'
  const expected = {
    host: 'db.internal',
    port: 6000,
    database: 'shop',
    admin: { user: 'me', password: { urlOf: { env: 'URL' } } },
    tls: { mode: 'verify-ca', ca: '/specs/ca.pem' },
    reachableAt: { host: 'db.internal', port: 6000, tls: 'verify-ca' },
  }

  test.each(['{ url: { env: URL } }', '{ url: "${env:URL}" }', '\n  url: ${env:URL}'])(
    'as a reference: %s',
    async (source) => {
      const spec = await loadGood(withSource(source), { URL })
      expect(spec.source).toEqual(expected)
      expect(JSON.stringify(spec)).not.toMatch(/s(%40|@)cret/)
    },
  )

  test('written out, with the password beside it', async () => {
    const spec = await loadGood(withSource('{ url: postgres://me@h/db, admin: { password: { env: PW } } }'))
    expect(spec.source.admin).toEqual({ user: 'me', password: { env: 'PW' } })
    expect(spec.source.tls).toEqual({ mode: 'prefer' })
  })

  test('without a user, which admin names', async () => {
    const spec = await loadGood(withSource('{ url: { env: URL }, admin: { user: me } }'), {
      URL: 'postgres://:pw@h/db',
    })
    expect(spec.source.admin).toEqual({ user: 'me', password: { urlOf: { env: 'URL' } } })
  })

  test.each([
    ['an unset variable', '{ url: { env: OTHER } }', {}, 'spec-secret-unresolved', /it is not there/],
    ['a wrong URL', '{ url: { env: URL } }', { URL: 'mysql://u:s@h/db' }, 'spec-url', /cannot be read/],
    ['a host beside it', '{ url: postgres://me@h/db, host: h }', {}, 'spec-conflict', /says it already/],
    ['tls beside it', '{ url: postgres://me@h/db, tls: require }', {}, 'spec-conflict', /says it already/],
    ['two users', '{ url: postgres://me@h/db, admin: { user: me } }', {}, 'spec-conflict', /names a user too/],
    [
      'two passwords',
      '{ url: { env: URL }, admin: { password: { env: X } } }',
      { URL },
      'spec-conflict',
      /names a password too/,
    ],
    ['no user', '{ url: postgres://h/db }', {}, 'spec-missing-key', /names no user/],
    ['the target', '{ url: postgres://me@target.internal/shop }', {}, 'spec-same-database', /same database/],
    ['nothing', '{ url: }', {}, 'spec-type', /is empty/],
    ['a number', '{ url: 5 }', {}, 'spec-needs-quotes', /text/],
    ['an unset ${env:}', '{ url: "${env:NONE}" }', {}, 'spec-env-unset', /NONE/],
  ])('with %s is an error', async (_, source, env, code, words) => {
    const text = withSource(source)
    const { spec, diagnostics } = await load(text, env)
    expect(spec).toBeUndefined()
    expect(
      diagnostics.map((d) => d.code),
      report(text, diagnostics),
    ).toEqual([code])
    expect(diagnostics[0]?.message).toMatch(words)
  })

  test('warns of parameters that belt does not use, without repeating unknown ones', async () => {
    const env = { URL: 'postgres://u@h/db?pgbouncer=true&password=abc&def' }
    const { spec, diagnostics } = await load(withSource('{ url: { env: URL } }'), env)
    expect(spec?.source.host).toBe('h')
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'spec-url-ignored' }])
    expect(diagnostics[0]?.message).toContain('pgbouncer')
    expect(JSON.stringify(diagnostics)).not.toMatch(/abc|def/)
  })
})
