import { describe, expect, test } from 'vitest'
import { loadGood, MINIMAL, withLines } from './load-text.js'

describe('what looks like a trap and is none', () => {
  test('quoted numbers and words', async () => {
    const spec = await loadGood(
      MINIMAL.replace('name: shop', 'name: "010"')
        .replace('database: shop', "database: '15.10'")
        .replace('user: postgres', 'user: "no"'),
    )
    expect([spec.name, spec.source.database, spec.source.admin.user]).toEqual(['010', '15.10', 'no'])
  })

  test('numbers and booleans from the environment', async () => {
    const text = `${MINIMAL.replace('  host: source.internal', '  host: h\n  port: ${env:PORT}')}reverse: { enabled: "\${env:REVERSE}" }\n`
    const spec = await loadGood(text, { PORT: '6543', REVERSE: 'false' })
    expect([spec.source.port, spec.reverse.enabled]).toEqual([6543, false])
  })

  test('an escaped reference, and a value that looks like one', async () => {
    const text = withLines('cutover: { except_roles: ["$${env:X}", "${env:ROLE}", "cost$", "a$$b"] }')
    const spec = await loadGood(text, { ROLE: '${env:OTHER}' })
    expect(spec.cutover.exceptRoles).toEqual(['${env:X}', '${env:OTHER}', 'cost$', 'a$$b'])
  })

  test('anchors, aliases and merge keys; own keys win over merged ones', async () => {
    const text = MINIMAL.replace('source:', 'source: &side')
      .replace(/target:\n( {2}.*\n)+/, 'target:\n  host: other\n  <<: *side\n')
      .concat('cutover: { except_roles: [&m monitoring] }\nscope: { schemas: [*m] }\n')
    const spec = await loadGood(text)
    expect(spec.target).toMatchObject({ host: 'other', database: 'shop', admin: { user: 'postgres' } })
    expect(spec.scope.schemas).toEqual(['monitoring'])
  })

  test('Windows line ends, a byte order mark, a role of any letters', async () => {
    const text = `\ufeff${withLines('roles2: x')}`.replace(
      'roles2: x',
      `cutover: { except_roles: ['"; drop role x; --', "ünï 💥"] }`,
    )
    const spec = await loadGood(text.replaceAll('\n', '\r\n'))
    expect(spec.cutover.exceptRoles).toEqual(['"; drop role x; --', 'ünï 💥'])
  })
})
