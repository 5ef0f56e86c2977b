import { describe, expect, test } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../src/core/quote.js'
import { Secret } from '../../../src/core/secret.js'
import { canLogIn } from '../../../src/postgres/credentials.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { inSameCluster, systemIdentifier } from '../../../src/postgres/same-cluster.js'
import { scramVerifier } from '../../../src/postgres/scram.js'
import { freshDatabase, sql, uniqueName } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { noSignal, settingsFor } from './settings.js'

describe.each([12, 15, 18] as const)('logins on %i', (major) => {
  test.each([
    ['plain ASCII', 'correct horse battery'],
    ['quotes and control characters', `a'b"c\\d\te\u0001`],
    ['characters that SASLprep changes', 'Ⅸ\u00a0ﬁne\u00adly'],
    ['characters that SASLprep forbids', 'x\u0627y\ue000'],
    ['characters newer than Unicode 3.2', 'pässwörd-🐘'],
  ])('a verifier made by belt equals the server’s own for a password of %s', async (_, password) => {
    const database = await freshDatabase(await sharedServer(major))
    const name = uniqueName('scram')
    await sql(database, `create role ${name} login password ${quoteLiteral(password)}`)
    const stored = async (): Promise<string> => {
      const rows = await sql<{ rolpassword: string }>(
        database,
        'select rolpassword from pg_authid where rolname = $1',
        [name],
      )
      return rows[0]?.rolpassword ?? ''
    }
    const servers = await stored()
    const salt = Buffer.from(/:([^$]+)\$/.exec(servers)?.[1] ?? '', 'base64')
    expect((await scramVerifier(new Secret(password), { salt })).reveal()).toBe(servers)

    const fresh = await scramVerifier(new Secret(password))
    await sql(database, `alter role ${name} password ${quoteLiteral(fresh.reveal())}`)
    expect(await stored()).toBe(fresh.reveal())
    if (Buffer.byteLength(password) === password.length) {
      expect(await canLogIn(settingsFor({ ...database, user: name, password }), noSignal())).toBe('ok')
    }
  })

  test('the reason of a refusal is told', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const name = uniqueName('login')
    const password = 'right-pass-word'
    const login = { ...database, user: name, password }
    const attempt = async (more: Parameters<typeof settingsFor>[1] = {}): Promise<string> =>
      withConnection(settingsFor(database), noSignal(), (admin) =>
        canLogIn(settingsFor(login, more), noSignal(), admin),
      )
    expect(await attempt()).toBe('role-missing')
    await sql(database, `create role ${name} login password ${quoteLiteral(password)}`)
    expect(await attempt()).toBe('ok')
    expect(await attempt({ password: () => Promise.resolve(new Secret('another-word')) })).toBe('wrong-password')
    expect(await attempt({ database: 'not there' })).toBe('database-missing')
    await sql(database, `revoke connect on database ${quoteIdent(database.database)} from public`)
    expect(await attempt()).toBe('connect-denied')
    await sql(database, `grant connect on database ${quoteIdent(database.database)} to public`)
    await sql(database, `alter role ${name} valid until '2001-01-01'`)
    expect(await attempt()).toBe('expired')
    await sql(database, `alter role ${name} nologin valid until 'infinity'`)
    expect(await attempt()).toBe('no-login')
    // Without an administrator's session only what the server says is known.
    expect(await canLogIn(settingsFor(login), noSignal())).toBe('not-allowed')
  })
})

describe('two connections', () => {
  test('are known to be in one cluster, or not, whatever database they are in', async () => {
    const [older, newer] = [await sharedServer(15), await sharedServer(17)]
    const [a, b, c] = [await freshDatabase(older), await freshDatabase(older), await freshDatabase(newer)]
    const same = (first: typeof a, second: typeof a): Promise<boolean> =>
      withConnection(settingsFor(first), noSignal(), (one) =>
        withConnection(settingsFor(second), noSignal(), (two) => inSameCluster(one, two)),
      )
    expect(await same(a, b)).toBe(true)
    expect(await same(a, c)).toBe(false)
    expect(await same(c, a)).toBe(false)
    const id = await withConnection(settingsFor(a), noSignal(), systemIdentifier)
    expect(id).toMatch(/^\d{15,20}$/)
  })
})
