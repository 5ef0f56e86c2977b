import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSpecSchema } from '../../../src/spec/schema-file.js'
import { loadAll } from './load-text.js'
import { documentedPaths, specReference } from './spec-reference.js'

const root = new URL('../../../', import.meta.url)
const PAGE = new URL('docs/spec.md', root)
const page = readFileSync(PAGE, 'utf8')

describe('docs/spec.md', () => {
  test('is what the schema says', async () => {
    const marked = /(<!-- keys: .*? -->\n)[^]*(<!-- end of keys -->)/
    expect(page).toMatch(marked)
    const reference = specReference(readSpecSchema())
    const wanted = page.replace(marked, (_, begin: string, end: string) => `${begin}\n${reference}\n\n${end}`)
    await expect(wanted).toMatchFileSnapshot(PAGE.pathname)
  })

  test('names every key with a meaning', () => {
    const paths = documentedPaths(readSpecSchema())
    expect(paths.length).toBeGreaterThan(70)
    const missing = paths.filter(
      ({ path, node }) =>
        node.description === undefined ||
        !(page.includes(`| \`${path}\` |`) || page.includes(`### \`${path}\`\n\n${node.description}`)),
    )
    expect(missing.map((m) => m.path)).toEqual([])
  })

  test('explains every code that the loader reports, and no other', () => {
    const folder = new URL('src/spec/', root)
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
    const used = sources.flatMap((text) =>
      [...text.matchAll(/'(spec-[a-z-]+|not-yet|name-too-long)'/g)].map((m) => m[1] ?? ''),
    )
    const explained = [...page.matchAll(/^\| `([a-z-]+)` \| (?!.*\|.*\|)/gm)].map((m) => m[1] ?? '')
    expect(explained).toEqual([...new Set(used)].sort())
  })

  test('shows specs that load', async () => {
    const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)]
      .map((m) => m[1] ?? '')
      .filter((text) => text.includes('version: 1'))
    expect(examples).toHaveLength(2)
    for (const text of examples) {
      const { specs, diagnostics } = await loadAll(text)
      expect(diagnostics).toEqual([])
      expect(specs.length).toBeGreaterThan(0)
    }
  })
})
