import { describe, expect, test } from 'vitest'
import { load, loadAll, loadGood, MINIMAL, report } from './load-text.js'

const FLEET = `version: 1
defaults:
  stage: prepared
  source: { host: old.internal, admin: { user: postgres, password: { file: old } }, tls: { mode: verify-ca, ca: ca.pem } }
  target: { host: new.internal, admin: { user: postgres } }
  roles: { replication: { password: { env: PW } }, copy: [app] }
  cutover: { max_pause: 10s, max_lag: 1MB }
migrations:
  - name: shop
    source: { database: shop }
    target: { database: shop }
  - name: crm
    stage: replicating
    source: { database: crm, host: "\${env:CRM_HOST}", admin: { password: { env: CRM_PW } }, tls: require }
    target: { database: crm }
    roles: { copy: [crm_app] }
    cutover: { max_pause: 20s }
`

describe('a file of many migrations', () => {
  test('one is picked by name', async () => {
    const spec = await loadGood(FLEET, { CRM_HOST: 'crm.internal' }, 'crm')
    expect(spec.name).toBe('crm')
    expect(spec.stage).toBe('replicating')
    expect(spec.source).toMatchObject({
      host: 'crm.internal',
      database: 'crm',
      admin: { user: 'postgres', password: { env: 'CRM_PW' } },
      tls: { mode: 'require' },
    })
    expect(spec.roles).toEqual({
      replication: { name: 'belt_replication', password: { env: 'PW' } },
      copy: ['crm_app'],
    })
    expect(spec.cutover).toMatchObject({ maxPauseMs: 20_000, maxLagBytes: 1024 * 1024 })
  })

  test('positions lead to the default or to the entry, whichever says it', async () => {
    const { positions } = await loadGood(FLEET, { CRM_HOST: 'h' }, 'crm')
    expect(positions['cutover.max_lag']?.line).toBe(7)
    expect(positions['cutover.max_pause']?.line).toBe(17)
    expect(positions['source.host']?.line).toBe(14)
    expect(positions['version']?.line).toBe(1)
    expect(positions['source.admin.password.file']).toBeUndefined()
  })

  test('an unset variable of another migration does not matter', async () => {
    expect((await loadGood(FLEET, {}, 'shop')).source.host).toBe('old.internal')
  })

  test('all are loaded in order', async () => {
    const { specs, diagnostics } = await loadAll(FLEET, { CRM_HOST: 'h' })
    expect(diagnostics).toEqual([])
    expect(specs.map((s) => [s.name, s.state.path])).toEqual([
      ['shop', '/specs/.belt/shop.state.json'],
      ['crm', '/specs/.belt/crm.state.json'],
    ])
  })

  test('a file of one migration loads the same way', async () => {
    expect((await loadAll(MINIMAL)).specs.map((s) => s.name)).toEqual(['shop'])
    expect((await loadGood(MINIMAL, {}, 'shop')).name).toBe('shop')
  })

  test.each([
    ['no name given', FLEET, undefined, 'spec-pick-migration', /--migration: shop, crm/],
    ['a name with a typo', FLEET, 'shpo', 'spec-no-migration', /did you mean `shop`/],
    ['another name than the only one', MINIMAL, 'crm', 'spec-no-migration', /it has shop/],
    ['a name twice', FLEET.replace('name: crm', 'name: SHOP'), 'shop', 'spec-duplicate-migration', /second migration/],
    [
      'an unknown key in the defaults',
      FLEET.replace('defaults:', 'defaults:\n  nmae: x'),
      'shop',
      'spec-unknown-key',
      /nmae/,
    ],
    [
      'a name in the defaults',
      FLEET.replace('defaults:', 'defaults:\n  name: x'),
      'shop',
      'spec-unknown-key',
      /`defaults` has no key `name`/,
    ],
    ['a wrong word in the defaults', FLEET.replace('prepared', 'preparde'), 'shop', 'spec-enum', /`prepared`/],
    ['settings beside the list', `${FLEET}stage: absent\n`, 'shop', 'spec-conflict', /beside `migrations`/],
    [
      'a missing key',
      FLEET.replace('    target: { database: shop }\n', ''),
      'shop',
      'spec-missing-key',
      /`target` misses `database`/,
    ],
    ['an empty list', 'version: 1\nmigrations: []\n', undefined, 'spec-value', /empty list/],
    ['a map for the list', 'version: 1\nmigrations: { a: 1 }\n', undefined, 'spec-type', /must be a list/],
    ['no version', FLEET.replace('version: 1\n', ''), 'shop', 'spec-version', /version/],
  ])('%s is an error', async (_, text, name, code, words) => {
    const { spec, diagnostics } = await load(text, {}, name)
    expect(spec).toBeUndefined()
    expect(
      diagnostics.map((d) => d.code),
      report(text, diagnostics),
    ).toEqual([code])
    expect(`${diagnostics[0]?.message ?? ''}${diagnostics[0]?.fix ?? ''}`).toMatch(words)
  })

  test('one state file for two migrations is an error', async () => {
    const { specs, diagnostics } = await loadAll(FLEET.replace('defaults:', 'defaults:\n  state: { path: one.json }'), {
      CRM_HOST: 'h',
    })
    expect(specs).toEqual([])
    expect(diagnostics).toMatchObject([{ code: 'spec-conflict', at: { line: 3 } }])
  })
})
