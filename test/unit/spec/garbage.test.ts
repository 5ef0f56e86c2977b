import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadAll, load, MINIMAL, report } from './load-text.js'

const KEYS = [
  'version',
  'name',
  'stage',
  'source',
  'target',
  'roles',
  'scope',
  'tables',
  'url',
  'host',
  'admin',
  'password',
  'env',
  'migrations',
  'defaults',
  'keyless',
  'approve',
  'cutover',
  'tls',
  '__proto__',
  'constructor',
  '<<',
  '',
]
const leaf = fc.oneof(
  fc.constantFrom(
    'absent',
    '${env:X}',
    '${',
    'public.*',
    'verify-full',
    '16MB',
    'postgres://u:p@h/db',
    '2026-12-05',
    '"',
  ),
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('tree'), { maxKeys: 6 }),
  ),
}))

/** Neither loader throws; each gives specs or says why not; every report can be printed. */
async function survives(text: string): Promise<void> {
  const one = await load(text)
  const all = await loadAll(text)
  for (const { diagnostics, loaded } of [
    { ...one, loaded: one.spec !== undefined },
    { ...all, loaded: all.specs.length > 0 },
  ]) {
    expect(loaded).toBe(!diagnostics.some((d) => d.severity === 'error'))
    for (const d of diagnostics) expect(d.at?.line).toBeGreaterThan(0)
    expect(report(text, diagnostics)).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
  }
}

describe('garbage is answered with diagnostics', () => {
  test('any text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ maxLength: 200 }), survives), { numRuns: 200 })
  })

  test('any text of YAML characters', async () => {
    const unit = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '#',
      ',',
      '\t',
      '$',
      '<<',
      '? ',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(unit, { maxLength: 60 }).map((a) => a.join('')),
        survives,
      ),
      { numRuns: 500 },
    )
  })

  test('any data', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree.map((value) => stringify(value)),
        survives,
      ),
      { numRuns: 300 },
    )
  })

  test('any data in the place of any line of a good spec', async () => {
    const lines = MINIMAL.split('\n')
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 1), fc.constantFrom(...KEYS), tree, async (index, key, value) => {
        const indent = /^ */.exec(lines[index] ?? '')?.[0] ?? ''
        const put = stringify({ [key]: value }).replace(/^/gm, indent)
        await survives(lines.with(index, put).join('\n'))
      }),
      { numRuns: 300 },
    )
  })

  test('any cut of a good spec', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(MINIMAL.length), fc.nat(20), async (at, length) => {
        await survives(MINIMAL.slice(0, at) + MINIMAL.slice(at + length))
      }),
      { numRuns: 200 },
    )
  })
})
