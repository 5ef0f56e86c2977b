import { describe, expect, test } from 'vitest'
import { loadGood, MINIMAL, withLines } from './load-text.js'

const EXAMPLE = `# yaml-language-server: $schema=../schemas/spec.schema.json
version: 1
name: shop
stage: replicating
engine: native
source:
  host: \${env:SOURCE_HOST}
  database: shop
  tls: verify-full
  admin: { user: postgres, password: { env: SOURCE_ADMIN_PASSWORD } }
  reachable_at: { host: 10.2.0.5, tls: require }
target:
  host: target.internal
  port: 6432
  database: shop
  tls: { mode: verify-ca, ca: certs/ca.pem, cert: ./client.pem, key: /keys/client.key }
  admin: { user: postgres, password: { file: ../secret } }
  preview_roles: [qa]
scope:
  schemas: [public, billing]
  tables: { exclude: ["public.tmp_*"], schema_only: [billing.cache] }
roles:
  replication: { name: belt_replication, password: { command: [vault, get, shop] } }
  copy: [app_rw, reporting]
keyless:
  default: replicate_full
  tables: { public.audit_log: copy_at_cutover, 'public."Weird.Name"': replicate_full }
copy: { method: subscription, jobs: 4 }
indexes: { jobs: 2 }
sequences: { margin: 1000 }
cutover: { fence: revoke_connect, except_roles: [monitoring], max_lag: 16MB, max_pause: 30s, verify: full, verify_max_age: 24h }
reverse: { enabled: true }
state: { backend: local }
approve:
  - { hazard: write-pause, action: fence.source, reason: "CHG-4411", until: 2026-12-05 }
`

describe('the example of the handbook', () => {
  test('loads, every setting where the planner reads it', async () => {
    const { positions, digest, ...spec } = await loadGood(EXAMPLE, { SOURCE_HOST: 'db.example.com' })
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
    expect(positions['source.host']).toEqual({ file: 'belt.yaml', line: 7, column: 9, endColumn: 27 })
    expect(spec).toEqual({
      version: 1,
      name: 'shop',
      stage: 'replicating',
      engine: 'native',
      source: {
        host: 'db.example.com',
        port: 5432,
        database: 'shop',
        admin: { user: 'postgres', password: { env: 'SOURCE_ADMIN_PASSWORD' } },
        tls: { mode: 'verify-full' },
        reachableAt: { host: '10.2.0.5', port: 5432, tls: 'require' },
      },
      target: {
        host: 'target.internal',
        port: 6432,
        database: 'shop',
        admin: { user: 'postgres', password: { file: '/secret' } },
        tls: { mode: 'verify-ca', ca: '/specs/certs/ca.pem', cert: '/specs/client.pem', key: '/keys/client.key' },
        reachableAt: { host: 'target.internal', port: 6432, tls: 'verify-ca' },
        previewRoles: ['qa'],
      },
      scope: { schemas: ['public', 'billing'], excludeTables: ['public.tmp_*'], schemaOnlyTables: ['billing.cache'] },
      roles: {
        replication: { name: 'belt_replication', password: { command: ['vault', 'get', 'shop'] } },
        copy: ['app_rw', 'reporting'],
      },
      keyless: {
        default: 'replicate_full',
        tables: { 'public.audit_log': 'copy_at_cutover', 'public."Weird.Name"': 'replicate_full' },
      },
      copy: { method: 'subscription', jobs: 4 },
      indexes: { jobs: 2, maxStallMs: 60_000 },
      replicate: { failover: false },
      sequences: { margin: 1000 },
      cutover: {
        fence: 'revoke_connect',
        exceptRoles: ['monitoring'],
        maxLagBytes: 16 * 1024 * 1024,
        maxPauseMs: 30_000,
        verify: 'full',
        verifyMaxAgeMs: 86_400_000,
      },
      hooks: [],
      reverse: { enabled: true },
      verify: { jobs: 2, sampleRows: 10_000 },
      state: { backend: 'local', path: '/specs/.belt/shop.state.json' },
      approve: [
        {
          hazard: 'write-pause',
          action: 'fence.source',
          reason: 'CHG-4411',
          until: '2026-12-05',
          at: { file: 'belt.yaml', line: 35, column: 5, endColumn: 89 },
        },
      ],
    })
  })
})

describe('positions', () => {
  test('point at a scalar, at the key of a map or list, and at each entry', async () => {
    const { positions } = await loadGood(withLines('scope:', '  schemas:', '    - public', '    - "b"'))
    expect(positions['stage']).toEqual({ file: 'belt.yaml', line: 3, column: 8, endColumn: 19 })
    expect(positions['source']).toEqual({ file: 'belt.yaml', line: 4, column: 1, endColumn: 7 })
    expect(positions['scope.schemas']).toEqual({ file: 'belt.yaml', line: 15, column: 3, endColumn: 10 })
    expect(positions['scope.schemas.1']).toEqual({ file: 'belt.yaml', line: 17, column: 7, endColumn: 10 })
  })
})

describe('the digest', () => {
  const digestOf = async (text: string, env = {}): Promise<string> => (await loadGood(text, env)).digest

  test.each([
    ['a comment', `# why\n${MINIMAL}`],
    ['a default written out', withLines('copy: { jobs: 4 }')],
    ['another way of writing', withLines('cutover:', '  "max_pause": "0.5min"')],
  ])('does not change with %s', async (_, text) => {
    expect(await digestOf(text)).toBe(await digestOf(MINIMAL))
  })

  test.each([
    ['the stage', MINIMAL.replace('replicating', 'prepared')],
    ['an approval', withLines('approve: [{ hazard: leftover, action: a, reason: r, until: 2026-01-01 }]')],
    ['a secret reference', MINIMAL.replace('REPLICATION_PASSWORD', 'OTHER_PASSWORD')],
    ['a host', MINIMAL.replace('source.internal', 'other.internal')],
  ])('changes with %s', async (_, text) => {
    expect(await digestOf(text)).not.toBe(await digestOf(MINIMAL))
  })

  test('does not depend on the password behind a URL, but on the database it names', async () => {
    const text = MINIMAL.replace(/source:\n( {2}.*\n)+/, 'source: { url: { env: URL } }\n')
    const one = await digestOf(text, { URL: 'postgres://u:one@h/db' })
    expect(await digestOf(text, { URL: 'postgres://u:two@h/db' })).toBe(one)
    expect(await digestOf(text, { URL: 'postgres://u:one@h/other' })).not.toBe(one)
  })

  test('does not depend on the folder the spec lies in', async () => {
    const { loadSpec } = await import('../../../src/spec/load.js')
    const { context } = await import('./load-text.js')
    const here = await loadSpec(MINIMAL, 'belt.yaml', context())
    const there = await loadSpec(MINIMAL, 'belt.yaml', { ...context(), baseDir: '/elsewhere' })
    expect(there.spec?.state.path).toBe('/elsewhere/.belt/shop.state.json')
    expect(there.spec?.digest).toBe(here.spec?.digest)
  })
})
