import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/pgbelt/read-config.js'
import { specYaml } from '../../../src/pgbelt/spec-yaml.js'
import { toSpecs, type Translation } from '../../../src/pgbelt/to-spec.js'
import { importReportText, importVariablesText } from '../../../src/render/import-text.js'
import { textStyle } from '../../../src/render/text/style.js'
import { loadAll } from '../spec/load-text.js'
import { config, PASSWORD, side, user } from './support/config.js'

const FILE = 'configs/us-east/shop/config.json'

/** What `belt import pgbelt` makes of some files: the spec, and what it says. */
function imported(...texts: readonly string[]): { yaml: string; said: string; translation: Translation } {
  const read = texts.map((text, index) => readConfig(text, texts.length === 1 ? FILE : `${String(index)}.json`))
  const translation = toSpecs(read.flatMap((r) => r.config ?? []))
  const said = importReportText(
    [...read.flatMap((r) => r.diagnostics), ...translation.diagnostics],
    textStyle(false, 200),
  )
  return { yaml: specYaml(translation.migrations, [FILE]), said, translation }
}

describe('a configuration as pgbelt documents it', () => {
  test('becomes a spec that loads', async () => {
    const { yaml, said, translation } = imported(config())
    expect(yaml).toMatchInlineSnapshot(`
      "# From "configs/us-east/shop/config.json"
      version: 1
      name: shop
      stage: replicating
      source:
        host: old.example.com
        port: 5432
        database: shop
        admin: { user: postgres, password: { env: BELT_SHOP_SOURCE_ADMIN_PASSWORD } }
        reachable_at: { host: "10.0.0.7" }
      target:
        host: new.example.com
        port: 5432
        database: shop
        admin: { user: postgres, password: { env: BELT_SHOP_TARGET_ADMIN_PASSWORD } }
        reachable_at: { host: "10.0.0.7" }
      scope: { schemas: [ public ] }
      roles: { replication: { name: pglogical, password: { env: BELT_SHOP_REPLICATION_PASSWORD } }, copy: [ owner ] }
      "
    `)
    expect(said).toBe('')
    const { specs, diagnostics } = await loadAll(yaml)
    expect(diagnostics).toEqual([])
    expect(specs.map((s) => [s.name, s.source.reachableAt.host])).toEqual([['shop', '10.0.0.7']])
    expect(importVariablesText(translation.variables)).toMatchInlineSnapshot(`
      "Passwords stay where they are. Set these variables:
        BELT_SHOP_SOURCE_ADMIN_PASSWORD  src.root_user.pw, configs/us-east/shop/config.json:11:13
        BELT_SHOP_TARGET_ADMIN_PASSWORD  dst.root_user.pw, configs/us-east/shop/config.json:29:13
        BELT_SHOP_REPLICATION_PASSWORD  src.pglogical_user.pw, configs/us-east/shop/config.json:19:13
      "
    `)
  })

  test('with tables moves the rows of these alone, whatever they are called', async () => {
    const tables = ['orders', 'Weird.Name', 'order', 'a*b', 'orders']
    const { specs } = await loadAll(imported(config({ tables, schema_name: 'sales' })).yaml)
    expect(specs[0]?.scope).toMatchObject({
      schemas: ['sales'],
      tablesWithRows: ['sales.orders', 'sales."Weird.Name"', 'sales."order"', 'sales."a*b"'],
    })
  })

  test('carries the logins that pgbelt has noted or spared, by name', async () => {
    const src = side('old', { ip: 'old', other_users: [user('app'), { name: 'no', pw: null }, user('postgres')] })
    const { yaml } = imported(config({ src, exclude_users: ['datadog', '${env:HOME}', 'datadog'] }))
    const { specs } = await loadAll(yaml)
    expect((await loadAll(yaml)).diagnostics).toEqual([])
    expect(specs[0]?.roles.copy).toEqual(['owner', 'app', 'no'])
    expect(specs[0]?.cutover.exceptRoles).toEqual(['datadog', '${env:HOME}'])
    expect(yaml).not.toContain('reachable_at: { host: old }')
  })

  test('leaves out nothing in silence', () => {
    const { said } = imported(
      config({
        sequences: ['orders_id_seq'],
        exclude_patterns: ['%repuser%'],
        exclude_user: ['typo'],
        dst: side('new', { owner_user: user('boss'), pglogical_user: user('pgl2'), password: PASSWORD }),
      }),
    )
    expect(said).toMatchInlineSnapshot(`
      "configs/us-east/shop/config.json:39:5: warning[import-unknown-key]: dst.password is left out: belt knows no such field of pgbelt
      configs/us-east/shop/config.json:43:5: warning[import-sequences]: sequences lists some, and belt carries every sequence of the schema that stands on both sides
          fix: Nothing on a target of its own. Where others use the target too, look at those sequences in the plan to cutover.
      configs/us-east/shop/config.json:47:5: warning[import-pattern]: exclude_patterns: belt spares roles by name, not by pattern; without them the fence holds these logins too
          fix: On the source: select rolname from pg_roles where rolname ilike the pattern; add the names to cutover.except_roles.
      configs/us-east/shop/config.json:49:3: warning[import-unknown-key]: exclude_user is left out: belt knows no such field of pgbelt; did you mean \`exclude_users\`?
      configs/us-east/shop/config.json:36:15: warning[import-differs]: dst.pglogical_user has another name than that of src, and belt has one replication role: the name of src is taken
          fix: Change roles.replication.name if the other is the one that pg_hba.conf lets in.
      configs/us-east/shop/config.json:32:15: warning[import-differs]: dst.owner_user is another role than that of src: belt keeps the owner of each object, pgbelt gave all to dst.owner_user
          fix: Nothing, or reassign owned on the target after the cutover.
      "
    `)
    expect(said).not.toContain(PASSWORD)
  })
})

test('many become one file, what they share stands once, and no two have one name or variable', async () => {
  const { yaml, translation } = imported(
    config(),
    config({ dc: 'eu' }),
    config({ db: 'a b' }),
    config({ db: 'a_b' }),
    config({ db: 'x'.repeat(60) }),
  )
  const { specs, diagnostics } = await loadAll(yaml)
  expect(diagnostics).toEqual([])
  expect(specs.map((s) => s.name)).toEqual(['us-east-shop', 'eu-shop', 'a-b', 'a_b', 'x'.repeat(40)])
  expect(yaml).toContain('defaults: { stage: replicating, scope: { schemas: [ public ] } }')
  const variables = translation.variables.map((v) => v.variable)
  expect(new Set(variables).size).toBe(15)
  expect(variables).toContain('BELT_A_B_2_SOURCE_ADMIN_PASSWORD')
})

describe('what is no configuration is told with its place, and never with what stands there', () => {
  test.each([
    ['', '1:1: error[import-json]: this is not JSON: a value is expected here'],
    [`{ "db": ${PASSWORD} }`, '1:9: error[import-json]: this is not JSON: a value is expected here'],
    [
      `{ "pw": "${PASSWORD}`,
      '1:9: error[import-json]: this is not JSON: a string in double quotes, on one line is expected',
    ],
    ['{ "db": "x", // comment\n}', '1:14: error[import-json]: this is not JSON: a string in double quotes'],
    ['{ "db": "x" } x', '1:15: error[import-json]: this is not JSON: the end of the file'],
    ['[1]', '1:1: error[import-json]: a configuration of pgbelt is a JSON object'],
    ['['.repeat(100_000), '1:102: error[import-json]: this is not JSON: less nesting is expected here'],
    ['{}', '1:1: error[import-missing]: db is missing'],
    [config({ db: undefined }), '1:1: error[import-missing]: db is missing'],
    [config({ db: '<fill-matching-folder-name>' }), '2:9: error[import-missing]: db is still the placeholder'],
    [config({ dc: ' ' }), '3:9: error[import-missing]: dc is empty'],
    [config({ dst: null }), 'error[import-missing]: dst is null'],
    [config({ src: PASSWORD }), '4:10: error[import-type]: src is a string, and pgbelt has an object there'],
    [config({ tables: 'orders' }), 'error[import-type]: tables is a string, and pgbelt has a list of strings there'],
    [
      config({ tables: [{ pw: PASSWORD }] }),
      'error[import-type]: tables is an object, and pgbelt has a list of strings',
    ],
    [config({ src: side('x', { port: '70000' }) }), 'error[import-value]: src.port is not a port from 1 to 65535'],
    [config({ src: side('x', { port: PASSWORD }) }), 'error[import-value]: src.port is not a port'],
    [
      config({ src: side(`postgres://u:${PASSWORD}@h/d`) }),
      'error[import-value]: src.host is not a host name or an address',
    ],
    [config({ src: side('x', { ip: `password=${PASSWORD}` }) }), 'error[import-value]: src.ip is not a host name'],
    [config({ src: side('x', { root_user: PASSWORD }) }), 'error[import-type]: src.root_user is a string'],
    [
      config({ src: side('x', { root_user: { pw: PASSWORD } }) }),
      'error[import-missing]: src.root_user.name is missing',
    ],
    [config({ src: side('x', { other_users: [PASSWORD] }) }), 'error[import-type]: src.other_users is a string'],
    [config({ src: side('x', { db: 'a\u0000b' }) }), 'error[import-value]: src.db holds a control character'],
    [
      JSON.stringify({ src_resolver_path: 'a.B', dst_resolver_path: 'a.C', src_resolver_config: { token: PASSWORD } }),
      'error[import-remote]: src_resolver_path: this file says who knows the databases, not where they are',
    ],
    [config().replace('"db"', '"dc": "again", "db"'), 'error[import-duplicate]: dc stands here twice'],
  ])('%#', (text, says) => {
    const { said } = imported(text)
    expect(readConfig(text, FILE).config).toBeUndefined()
    expect(said).toContain(says)
    expect(said).not.toContain(PASSWORD)
  })
})
