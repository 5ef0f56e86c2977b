import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../../src/spec/render-problem.js'
import { loadSpec } from '../../../src/spec/load.js'
import { context, load, report, withLines } from './load-text.js'

test('all that is wrong with a spec is reported at once, in the order of the file', async () => {
  const text = `version: 1
name: shop
stage: replicatng
engin: native
source:
  host: \${env:SORCE_HOST}
  database: 15.10
  admin: { user: postgres, password: hunter2 }
target:
  database: shop
  tls: { mode: verify-ful }
  admin: { user: postgres }
roles:
  replication: { passwrd: { env: PW } }
cutover: { max_lag: 16mb, max_pause: 30 }
`
  const { spec, diagnostics } = await load(text, { SOURCE_HOST: 'h' })
  expect(spec).toBeUndefined()
  expect(report(text, diagnostics)).toMatchInlineSnapshot(`
    "error[spec-enum]: \`stage\` cannot be \`replicatng\`; did you mean \`replicating\`?
      --> belt.yaml:3:8
         |
       3 | stage: replicatng
         |        ^^^^^^^^^^
      fix: write \`replicating\`, or another of absent, prepared, replicating, cutover, rolled-back, finalized

    error[spec-unknown-key]: a spec has no key \`engin\`; did you mean \`engine\`?
      --> belt.yaml:4:1
         |
       4 | engin: native
         | ^^^^^
      fix: rename it to \`engine\`

    error[spec-env-unset]: environment variable \`SORCE_HOST\` is not set; did you mean \`SOURCE_HOST\`?
      --> belt.yaml:6:9
         |
       6 |   host: \${env:SORCE_HOST}
         |         ^^^^^^^^^^^^^^^^^
      fix: write \`\${env:SOURCE_HOST}\`, or set SORCE_HOST

    error[spec-needs-quotes]: \`source.database\` must be text, and YAML reads \`15.10\` as the number 15.1
      --> belt.yaml:7:13
         |
       7 |   database: 15.10
         |             ^^^^^
      fix: quote it: "15.10"

    error[spec-literal-secret]: \`source.admin.password\` is written out; a spec holds only references to secrets
      --> belt.yaml:8:38
         |
       8 |   admin: { user: postgres, password: ******* }
         |                                      ^^^^^^^
      fix: write \`password: { env: SOURCE_ADMIN_PASSWORD }\`, or \`{ file: … }\`, or \`{ command: […] }\`

    error[spec-missing-key]: \`target\` misses \`host\` (or one \`url\` for all of them)
      --> belt.yaml:9:1
         |
       9 | target:
         | ^^^^^^
      fix: add \`host: db.internal\`

    error[spec-enum]: \`target.tls.mode\` cannot be \`verify-ful\`; did you mean \`verify-full\` or \`verify-ca\`?
      --> belt.yaml:11:16
          |
       11 |   tls: { mode: verify-ful }
          |                ^^^^^^^^^^
      fix: write \`verify-full\`, or another of disable, allow, prefer, require, verify-ca, verify-full

    error[spec-missing-key]: \`roles.replication\` misses \`password\`
      --> belt.yaml:14:3
          |
       14 |   replication: { passwrd: { env: PW } }
          |   ^^^^^^^^^^^
      fix: add \`password: { env: BELT_REPLICATION_PASSWORD }\`

    error[spec-unknown-key]: \`roles.replication\` has no key \`passwrd\`; did you mean \`password\`?
      --> belt.yaml:14:18
          |
       14 |   replication: { passwrd: { env: PW } }
          |                  ^^^^^^^
      fix: rename it to \`password\`

    error[spec-value]: \`cutover.max_lag\` is no size: \`16mb\`
      --> belt.yaml:15:21
          |
       15 | cutover: { max_lag: 16mb, max_pause: 30 }
          |                     ^^^^
      fix: write \`16MB\`

    error[spec-value]: \`cutover.max_pause\` is a duration and needs a unit
      --> belt.yaml:15:38
          |
       15 | cutover: { max_lag: 16mb, max_pause: 30 }
          |                                      ^^
      fix: write \`30s\`, if that is what you mean"
  `)
})

test('broken YAML is explained where it breaks', async () => {
  const text = 'version: 1\nsource: { host: ${env:HOST}, database: shop }\n'
  expect(report(text, (await load(text)).diagnostics)).toMatchInlineSnapshot(`
    "error[spec-yaml]: inside { } and [ ], \`\${env:HOST}\` must stand in quotes
      --> belt.yaml:2:17
         |
       2 | source: { host: \${env:HOST}, database: shop }
         |                 ^^^^^^^^^^^
      fix: write "\${env:HOST}""
  `)
})

test('two spellings of one table', async () => {
  const text = `version: 1
name: shop
stage: absent
source: { url: postgres://me@source/shop }
target: { url: postgres://me@target/shop }
roles: { replication: { password: { env: PW } } }
keyless:
  tables:
    public.AuditLog: copy_at_cutover
scope: { schemas: [public], tables: { exclude: [billing.tmp_*] } }
`
  expect(report(text, (await load(text)).diagnostics)).toMatchInlineSnapshot(`
    "error[spec-table-name]: \`keyless.tables\`: \`public.AuditLog\` is no table name of the form schema.table: unquoted capitals are ambiguous
      --> belt.yaml:9:5
         |
       9 |     public.AuditLog: copy_at_cutover
         |     ^^^^^^^^^^^^^^^
      fix: write \`public."AuditLog"\` if the name has capitals, \`public.auditlog\` if not

    warning[spec-outside-scope]: \`scope.tables.exclude\` names \`billing.tmp_*\`, but no schema in \`scope.schemas\` can hold it
      --> belt.yaml:10:49
          |
       10 | scope: { schemas: [public], tables: { exclude: [billing.tmp_*] } }
          |                                                 ^^^^^^^^^^^^^"
  `)
})

test('long lines are cut around the place, tabs and control characters keep the caret in line', () => {
  const source = `a:\t"\u001b[31m${'x'.repeat(120)}" , bad: 1, ${'y'.repeat(120)}`
  const column = source.indexOf('bad') + 1
  const at = { file: 'belt.yaml', line: 1, column, endColumn: column + 3 }
  expect(formatDiagnostic({ severity: 'error', code: 'c', message: 'no \u001b[31mred', at }, source))
    .toMatchInlineSnapshot(`
    "error[c]: no \\u001b[31mred
      --> belt.yaml:1:134
         |
       1 | …xxxxxxxxxxxxxxxxxxxxxxxxxx" , bad: 1, yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
         |                                ^^^"
  `)
  const short = formatDiagnostic(
    { severity: 'warning', code: 'c', message: 'm', at: { ...at, column: 4, endColumn: 6 } },
    source,
  )
  expect(short).toMatchInlineSnapshot(`
    "warning[c]: m
      --> belt.yaml:1:4
         |
       1 | a:	"�[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
         |   	^^"
  `)
})

test('a diagnostic without a place or a source is a sentence and its fix', () => {
  expect(formatDiagnostic({ severity: 'info', code: 'c', message: 'm', fix: 'f' })).toBe('info[c]: m\n  fix: f')
})

test('approvals that have run out are told where somebody asks for that day, and refuse nothing', async () => {
  const text = withLines(
    'approve:',
    '  - { hazard: write-pause, action: fence.source, reason: r, until: 2026-01-01 }',
    '  - { hazard: write-pause, action: fence.target, reason: r, until: 2026-01-02 }',
  )
  const asked = async (today: string): Promise<readonly string[]> => {
    const { spec, diagnostics } = await loadSpec(text, 'belt.yaml', { ...context(), today })
    expect(spec).toBeDefined()
    return diagnostics.map((d) => `${d.severity} ${d.code} ${String(d.at?.line)}: ${d.message}`)
  }
  expect(await asked('2026-01-01')).toEqual([])
  expect(await asked('2026-01-02')).toEqual([
    'warning spec-approval-over 15: `approve.0.until` is `2026-01-01`, which is past: the approval counts no more',
  ])
  expect((await load(text)).diagnostics).toEqual([])
})
