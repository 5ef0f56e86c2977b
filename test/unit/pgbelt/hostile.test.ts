import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import type { JsonNode } from '../../../src/pgbelt/json-node.js'
import { readConfig } from '../../../src/pgbelt/read-config.js'
import { readJson } from '../../../src/pgbelt/read-json.js'
import { specYaml } from '../../../src/pgbelt/spec-yaml.js'
import { toSpecs } from '../../../src/pgbelt/to-spec.js'
import { loadAll } from '../spec/load-text.js'
import { config, PASSWORD } from './support/config.js'

function plain(node: JsonNode): unknown {
  switch (node.is) {
    case 'object':
      return Object.fromEntries(node.members.map((m) => [m.key, plain(m.value)]))
    case 'array':
      return node.items.map(plain)
    case 'string':
      return node.text
    case 'number':
      return node.value
    case 'boolean':
      return 'boolean'
    case 'null':
      return null
  }
}

const withoutTruth = (_: string, value: unknown): unknown => (typeof value === 'boolean' ? 'boolean' : value)

test('JSON is what JSON.parse takes, with the same values', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '\\', '0', '\n'), (json, at, put) => {
      const cut = at % (json.length + 1)
      const text = put === '' ? json : json.slice(0, cut) + put + json.slice(cut)
      const read = readJson(text)
      let wanted: { readonly value: unknown } | undefined
      try {
        wanted = { value: JSON.parse(text) as unknown }
      } catch {
        wanted = undefined
      }
      expect('root' in read).toBe(wanted !== undefined)
      // A key `__proto__` is an own member of neither.
      if ('root' in read && !text.includes('__proto__')) {
        expect(plain(read.root)).toEqual(JSON.parse(text, withoutTruth))
      }
    }),
    { numRuns: 2000 },
  )
})

test('whatever stands in one place of a configuration, what is written loads and holds no password', async () => {
  const good = JSON.parse(config({ tables: ['orders'], exclude_users: ['datadog'] })) as Record<string, unknown>
  const paths = placesIn(good)
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('no', '15.10', '~', '- a', 'a: b # c', '${env:X}', "o'k", '"q"', '*a', '&a', '!!x', 'a\u2028b'),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), odd, async (path, value) => {
      const text = JSON.stringify(replaced(good, path, value))
      const { config: read, diagnostics } = readConfig(text, 'c.json')
      expect(JSON.stringify(diagnostics)).not.toContain(PASSWORD)
      expect(read === undefined).toBe(diagnostics.some((d) => d.severity === 'error'))
      if (read === undefined) return
      const yaml = specYaml(toSpecs([read]).migrations, ['c.json'])
      expect(yaml).not.toContain(PASSWORD)
      const { specs, diagnostics: problems } = await loadAll(yaml)
      // Names that no role, host or database can have are belt's to refuse; what loads is what was said.
      if (problems.every((d) => d.severity !== 'error')) {
        expect(specs[0]?.source.database).toBe(read.source.database)
        expect(specs[0]?.cutover.exceptRoles).toEqual(read.excludeUsers)
        expect(specs[0]?.source.admin.user).toBe(read.source.root.name.text)
      }
    }),
    { numRuns: 300 },
  )
})

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return items.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item))
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(entries.map(([k, v]) => [k, k === key ? replaced(v, rest, by) : v]))
}
