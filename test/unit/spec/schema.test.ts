import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { readSpecSchema, type SchemaNode } from '../../../src/spec/schema-file.js'
import { schemaPaths } from '../../../src/spec/schema-paths.js'
import { load, loadGood, MINIMAL, withLines } from './load-text.js'

const schema = readSpecSchema()
const keysOf = (node: SchemaNode | undefined): readonly string[] => Object.keys(node?.properties ?? {})

describe('schemas/spec.schema.json', () => {
  test('is a valid JSON Schema 2020-12 without unknown keywords but VS Code’s enumDescriptions', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
    ajv.addVocabulary(['enumDescriptions'])
    expect(() => ajv.compile(schema)).not.toThrow()
  })

  test('offers the same settings to a migration wherever it stands', () => {
    const single = keysOf(schema).filter((key) => !['version', 'defaults', 'migrations'].includes(key))
    expect(keysOf(schema.$defs?.['migrations']?.items)).toEqual(single)
    expect(['name', ...keysOf(schema.$defs?.['defaults'])]).toEqual(single)
    expect([...keysOf(schema.$defs?.['endpoint']), 'preview_roles']).toEqual(keysOf(schema.$defs?.['target']))
  })

  test('explains every word it offers', () => {
    for (const { path, node } of schemaPaths(schema)) {
      if (node.enumDescriptions !== undefined) expect(node.enumDescriptions.length, path).toBe(node.enum?.length)
    }
  })

  /** Writes a default out: the spec must mean the same as without it. */
  test.each(
    schemaPaths(schema).filter(
      // Defaults within the entries of a list: hooks.test.ts.
      ({ path, node }) => node.default !== undefined && !/^(defaults|migrations)|\[\]/.test(path),
    ),
  )('the default of $path is what the loader fills in', async ({ path, node }) => {
    const value = JSON.stringify(node.default)
    const [section = '', ...rest] = path.split('.')
    const written = rest.reduceRight((inner, key) => `{ ${key}: ${inner} }`, value)
    const key = rest[0] ?? ''
    const text = MINIMAL.includes(`${section}:`)
      ? MINIMAL.replace(
          new RegExp(`(\\n${section}:\\n)`),
          `$1  ${key}: ${rest.slice(1).reduceRight((inner, k) => `{ ${k}: ${inner} }`, value)}\n`,
        )
      : withLines(`${section}: ${written}`)
    const replication = path === 'roles.replication.name'
    const final = replication ? MINIMAL.replace('{ password', '{ name: belt_replication, password') : text
    expect((await loadGood(final)).digest).toBe((await loadGood(MINIMAL)).digest)
  })

  test.each(
    schemaPaths(schema)
      .filter(({ path }) => !/^(defaults|migrations)/.test(path))
      .flatMap(({ path, node }) => (node.examples ?? []).map((example) => ({ path, example }))),
  )('the example $example of $path is accepted in its place', async ({ path, example }) => {
    const [section = '', ...rest] = path.replace('[]', '.0').split('.')
    const nested = rest.reduceRight(
      (inner, key) => (key === '0' ? `[${inner}]` : `{ "${key}": ${inner} }`),
      JSON.stringify(example),
    )
    const env = { SOURCE_URL: 'postgres://u@a/b', TARGET_URL: 'postgres://u@c/d', SOURCE_HOST: 'h' }
    const { diagnostics } = await load(`version: 1\n${section === 'version' ? '' : `${section}: ${nested}\n`}`, env)
    // Other settings are missing from so short a spec; the example itself must not be at fault.
    expect(diagnostics.filter((d) => !['spec-missing-key', 'spec-secret-unresolved'].includes(d.code))).toEqual([])
  })
})
