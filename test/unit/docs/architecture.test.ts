import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPage, rowsByCode } from './markdown.js'
import { ROOT } from './source.js'

interface Rule {
  readonly name: string
  readonly from: { readonly path?: string }
  readonly to: { readonly pathNot?: string }
}

const { forbidden } = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')) as {
  readonly forbidden: readonly Rule[]
}

const namesIn = (pattern: string | undefined): readonly string[] => (/\(([^)]*)\)/.exec(pattern ?? '')?.[1] ?? '').split('|')

/** Which other folders each folder may import, as the rules say it. */
function allowed(): Readonly<Record<string, readonly string[]>> {
  const rules = forbidden.filter((rule) => rule.name.endsWith('-imports'))
  return Object.fromEntries(
    rules.map(({ name, to }) => {
      const folder = name.slice(0, -'-imports'.length)
      return [folder, namesIn(to.pathNot).filter((other) => other !== folder)] as const
    }),
  )
}

describe('the table of folders in ARCHITECTURE.md', () => {
  const rows = [...rowsByCode(readPage('ARCHITECTURE.md'))]

  test('has every folder of src, and no other', () => {
    const folders = readdirSync(path.join(ROOT, 'src'))
    expect(rows.map(([folder]) => folder).sort()).toEqual(folders.sort())
  })

  test('says of each what the import rules say', () => {
    const told = rows.map(([folder, [, imports = '']]) => {
      const names = imports === 'nothing' ? [] : imports.split(', ').map((name) => name.replaceAll('`', ''))
      return [folder, names.sort()] as const
    })
    const rules = Object.entries(allowed()).map(([folder, others]) => [folder, [...others].sort()] as const)
    expect(rules.length).toBeGreaterThan(10)
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(rules))
  })

  test('marks as pure what the rules keep pure', () => {
    const rule = forbidden.find(({ name }) => name === 'pure')
    const pure = rows.filter(([, cells]) => cells[2] === 'yes').map(([folder]) => folder)
    expect(pure.sort()).toEqual([...namesIn(rule?.from.path)].sort())
  })

  test('no folder stands before one that it imports, but for the state’s own store', () => {
    const seen = new Set<string>()
    const early = rows.flatMap(([folder]) => {
      seen.add(folder)
      return (allowed()[folder] ?? []).filter((other) => !seen.has(other)).map((other) => `${folder} -> ${other}`)
    })
    expect(early).toEqual(['state -> postgres'])
  })
})
