import { expect, test } from 'vitest'
import { load, MINIMAL, withLines } from './load-text.js'
import { describeRefusals, replaced, source, type Row } from './refusals.js'

const SCALARS: readonly Row[] = [
  [
    'a version number',
    replaced('database: shop', 'database: 15.10'),
    'spec-needs-quotes',
    '6:13',
    /number 15\.1\n.*quote it: "15\.10"/s,
  ],
  [
    'a leading zero',
    replaced('name: shop', 'name: 010'),
    'spec-needs-quotes',
    '2:7',
    /number 10 \(older YAML: as octal\)/,
  ],
  ['a new octal', replaced('name: shop', 'name: 0o17'), 'spec-needs-quotes', '2:7', /number 15/],
  ['a hexadecimal', replaced('name: shop', 'name: 0x1F'), 'spec-needs-quotes', '2:7', /number 31/],
  ['an exponent', replaced('name: shop', 'name: 1e3'), 'spec-needs-quotes', '2:7', /number 1000/],
  ['a big number', replaced('name: shop', 'name: 12345678901234567890'), 'spec-needs-quotes', '2:7', /loses digits/],
  ['not-a-number', replaced('name: shop', 'name: .nan'), 'spec-needs-quotes', '2:7', /NaN/],
  ['true', replaced('name: shop', 'name: true'), 'spec-needs-quotes', '2:7', /boolean.*quote it: "true"/s],
  ['no', replaced('user: postgres', 'user: no'), 'spec-needs-quotes', '7:18', /other YAML readers.*quote it: "no"/s],
  ['null', replaced('name: shop', 'name: null'), 'spec-type', '2:7', /YAML reads as nothing/],
  ['nothing', replaced('name: shop', 'name:'), 'spec-type', '2:1', /`name` is empty/],
  ['an empty text', replaced('name: shop', 'name: ""'), 'spec-value', '2:7', /1 to 40 letters/],
  ['a number in a list', withLines('scope: { schemas: [42] }'), 'spec-needs-quotes', '14:20', /scope\.schemas\.0/],
]

const SHAPES: readonly Row[] = [
  ['an unknown key', withLines('coppy: {}'), 'spec-unknown-key', '14:1', /did you mean `copy`/],
  ['camel case', withLines('cutover: { maxLag: 1MB }'), 'spec-unknown-key', '14:12', /did you mean `max_lag`/],
  ['a key of elsewhere', withLines('max_pause: 1s'), 'spec-unknown-key', '14:1', /belongs at `cutover\.max_pause`/],
  [
    'a key of nowhere',
    withLines('indexes: { concurrently: true }'),
    'spec-unknown-key',
    '14:12',
    /its keys are jobs, max_stall/,
  ],
  ['a prototype key', withLines('__proto__: { a: 1 }'), 'spec-unknown-key', '14:1', /no key `__proto__`/],
  ['a typo in an enum', replaced('replicating', 'replicatng'), 'spec-enum', '3:8', /did you mean `replicating`/],
  ['a list for an enum', replaced('replicating', '[absent]'), 'spec-type', '3:1', /not a list/],
  ['an empty enum', replaced(' replicating', ''), 'spec-type', '3:1', /must be one of absent/],
  ['text for a list', withLines('scope: { schemas: public }'), 'spec-type', '14:19', /must be a list.*\[public\]/s],
  ['text for a map', withLines('scope: public'), 'spec-type', '14:8', /must be a map/],
  ['quotes around a number', withLines('copy: { jobs: "4" }'), 'spec-type', '14:15', /remove the quotes/],
  ['a broken number', withLines('copy: { jobs: 2.5 }'), 'spec-type', '14:15', /whole number/],
  ['yes for true', withLines('reverse: { enabled: yes }'), 'spec-type', '14:21', /write `true`/],
  ['too many jobs', withLines('copy: { jobs: 1000 }'), 'spec-value', '14:15', /at most 64/],
  ['a port out of range', source('  host: h\n  port: 70000'), 'spec-value', '6:9', /at most 65535/],
  ['one missing key', replaced('  database: shop\n', ''), 'spec-missing-key', '4:1', /misses `database`/],
  [
    'a missing secret',
    replaced('password: { env: REPLICATION_PASSWORD }', ''),
    'spec-missing-key',
    '13:3',
    /misses `password`/,
  ],
  [
    'an empty secret',
    replaced('{ env: REPLICATION_PASSWORD }', '{}'),
    'spec-missing-key',
    '13:18',
    /one of env, file and command/,
  ],
  [
    'two secrets in one',
    replaced('{ env: REPLICATION_PASSWORD }', '{ env: A, file: b }'),
    'spec-conflict',
    '13:18',
    /several sources/,
  ],
  ['tls with a typo', source('  host: h\n  tls: verify-ful'), 'spec-enum', '6:8', /did you mean `verify-full`/],
  ['tls as a number', source('  host: h\n  tls: 1'), 'spec-needs-quotes', '6:8', /must be text/],
  ['tls as a list', source('  host: h\n  tls: []'), 'spec-type', '6:3', /text or a map/],
  ['tls without mode', source('  host: h\n  tls: { ca: system }'), 'spec-missing-key', '6:3', /misses `mode`/],
  [
    'a certificate without key',
    source('  host: h\n  tls: { mode: require, cert: c }'),
    'spec-missing-key',
    '6:3',
    /misses `key`/,
  ],
  [
    'a relative path on the server',
    source('  host: h\n  reachable_at: { ca_on_server: ca.pem }'),
    'spec-value',
    '6:33',
    /absolute/,
  ],
  ['a list entry twice', withLines('scope: { schemas: [a, b, a] }'), 'spec-value', '14:26', /a second time/],
]

const VERSIONS: readonly Row[] = [
  ['no version', replaced('version: 1\n', ''), 'spec-version', '1:1', /which version.*add `version: 1`/s],
  ['version 2', replaced('version: 1', 'version: 2'), 'spec-version', '1:10', /this belt reads version 1/],
  ['version as text', replaced('version: 1', 'version: "1"'), 'spec-version', '1:10', /must be a number/],
  ['an empty version', replaced('version: 1', 'version:'), 'spec-version', '1:1', /no version/],
]

const YAML: readonly Row[] = [
  ['a key twice', `${MINIMAL}name: shop2\n`, 'spec-duplicate-key', '14:1', /twice/],
  ['a tab', replaced('  host: source', '\thost: source'), 'spec-yaml', '5:1', /tab/],
  ['an open quote', replaced('name: shop', 'name: "shop'), 'spec-yaml', '14:1', /quote/],
  ['an open bracket', withLines('scope: { schemas: [public }'), 'spec-yaml', '14:27', /`]` is missing/],
  ['two documents', `${MINIMAL}---\n${MINIMAL}`, 'spec-yaml', '14:1', /one document/],
  ['an unknown alias', replaced('name: shop', 'name: *shop'), 'spec-yaml', '2:7', /anchor/],
  ['a tag', replaced('name: shop', 'name: !env shop'), 'spec-yaml', '2:7', /tag/],
  ['nothing at all', '', 'spec-empty', '1:1', /says nothing/],
  ['only a comment', '# to do\n', 'spec-empty', '1:1', /says nothing/],
  ['a list', '- a\n', 'spec-type', '1:1', /must be a map/],
]

describeRefusals('scalars that YAML does not read as text', SCALARS)
describeRefusals('shapes', SHAPES)
describeRefusals('versions', VERSIONS)
describeRefusals('YAML', YAML)

test('brackets without end are refused, wherever the stack ends', async () => {
  const { diagnostics } = await load('['.repeat(20_000))
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([['spec-yaml', 'this is nested too deeply to be a spec']])
})

test('aliases that multiply are refused before they fill the memory', async () => {
  const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`)
  const { diagnostics } = await load(`a0: &a0 [x]\n${levels.join('\n')}\n`)
  expect(diagnostics.some((d) => d.code === 'spec-yaml' && d.message.includes('grows without end'))).toBe(true)
})
