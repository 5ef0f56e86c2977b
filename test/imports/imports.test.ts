import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

interface Report {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly Violation[] }
}

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

async function cruise(folder: string): Promise<Report> {
  const program = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = path.join(ROOT, '.dependency-cruiser.cjs')
  const output = await new Promise<string>((resolve) => {
    const args = [program, 'src', '--config', config, '--output-type', 'json']
    // The exit code counts violations; the report is what is looked at.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 27 }, (_error, stdout) => {
      resolve(stdout)
    })
  })
  return JSON.parse(output) as Report
}

/** A copy of the project's setting with the given files as its src. */
async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'imports-'))
  await cp(path.join(ROOT, 'tsconfig.json'), path.join(folder, 'tsconfig.json'))
  await cp(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'))
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
  return folder
}

describe('who imports whom', () => {
  test('every file of src is looked at, and none breaks a rule', async () => {
    const { modules, summary } = await cruise(ROOT)
    const files = (await readdir(path.join(ROOT, 'src'), { recursive: true })).filter((f) => /\.[jt]s$/.test(f))
    const seen = new Set(modules.map((m) => m.source))
    expect(files.filter((f) => !seen.has(path.posix.join('src', f)))).toEqual([])
    expect(files.length).toBeGreaterThan(100)
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([])
  })

  const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
    ['planner-imports', 'src/planner/b.ts', `import { b } from '../postgres/b.js'\nexport const a = b\n`],
    ['core-imports', 'src/core/b.ts', `import type { B } from '../postgres/b.js'\nexport type A = B\n`],
    ['render-imports', 'src/render/a.ts', `import { b } from '../postgres/b.js'\nexport const a = b\n`],
    ['state-store-only', 'src/state/local-store.ts', `import { b } from '../postgres/b.js'\nexport const a = b\n`],
    ['known-folder', 'src/misc/a.ts', `import { b } from '../postgres/b.js'\nexport const a = b\n`],
    ['pure', 'src/planner/a.ts', `import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n`],
    ['driver', 'src/apply/b.ts', `import pg from 'pg'\nexport const a = pg\n`],
    ['driver', 'src/apply/a.ts', `import { from } from 'pg-copy-streams'\nexport const a = from\n`],
    ['no-circle', 'src/postgres/c.ts', `import { d } from './d.js'\nexport const c = (): unknown => d\n`],
    ['no-unresolved', 'src/core/a.ts', `import { x } from './nowhere.js'\nexport const a = x\n`],
    ['no-development-dependency', 'src/cli/a.ts', `import { test } from 'vitest'\nexport const a = test\n`],
    ['no-tests', 'src/cli/b.ts', `import { h } from '../../test/h.js'\nexport const a = h\n`],
  ]
  let summary: Report['summary']

  // All at once: a cruise takes a second, whatever it looks at.
  beforeAll(async () => {
    const folder = await plant({
      'src/postgres/b.ts': `export type B = string\nexport const b = 1\n`,
      'src/postgres/d.ts': `import { c } from './c.js'\nexport const d = (): unknown => c\n`,
      'test/h.ts': `export const h = 1\n`,
      ...Object.fromEntries(PLANTED.map(([, file, text]) => [file, text])),
    })
    summary = (await cruise(folder)).summary
  })

  test.each(PLANTED)('%s refuses a planted %s', (rule, file) => {
    expect(summary.violations.filter((v) => v.from === file).map((v) => v.rule.name)).toContain(rule)
  })
})
