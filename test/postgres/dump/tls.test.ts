import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TlsSettings } from '../../../src/spec/spec.js'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { makeAuthority, type Authority, type Certificate } from '../../support/certificates.js'
import { ownServer } from '../../support/servers.js'
import { input, settings, TOOLS, tools } from './tools.js'

describe('a server that takes only TLS with a client certificate', () => {
  let server: EmbeddedServer
  let authority: Authority
  let stranger: Authority
  let client: Certificate

  beforeAll(async () => {
    ;[authority, stranger] = await Promise.all([makeAuthority(), makeAuthority('a stranger')])
    const certificate = await authority.issue('database', ['IP:127.0.0.1'])
    client = await authority.issue('postgres')
    server = await ownServer({
      major: 16,
      tls: { certificate: certificate.certificate, key: certificate.key, ca: authority.ca },
      hba: 'hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full\n',
    })
  })
  afterAll(async () => server.stop())

  const dump = async (tool: 'native' | 'bundled', tls: TlsSettings): Promise<string> => {
    const connection = settings({ ...server, database: 'postgres' }, { tls })
    return (await tools[tool](input(connection), AbortSignal.timeout(240_000))).text
  }
  const own = (): Pick<TlsSettings, 'cert' | 'key'> => ({ cert: client.certificateFile, key: client.keyFile })

  test.each(TOOLS)('%s: verify-full with the right authority', async (tool) => {
    const text = await dump(tool, { mode: 'verify-full', ca: authority.caFile, ...own() })
    expect(text).toContain('PostgreSQL database dump complete')
  })

  test.each(TOOLS)('%s: prefer encrypts without an authority', async (tool) => {
    expect(await dump(tool, { mode: 'prefer', ...own() })).toContain('PostgreSQL database dump complete')
  })

  test.each(TOOLS)('%s: verify-ca refuses a stranger’s authority', async (tool) => {
    await expect(dump(tool, { mode: 'verify-ca', ca: stranger.caFile, ...own() })).rejects.toThrow(/certificate/)
  })

  test.each(TOOLS)('%s: verify-full without an authority trusts the system’s only', async (tool) => {
    await expect(dump(tool, { mode: 'verify-full', ...own() })).rejects.toThrow(/certificate/)
  })

  test.each(TOOLS)('%s: disable is refused by the server', async (tool) => {
    await expect(dump(tool, { mode: 'disable' })).rejects.toThrow(/pg_hba.conf|refuse/)
  })
})
