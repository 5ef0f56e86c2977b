import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runBelt, type BeltRun } from '../support/run-belt.js'

const SPEC = `version: 1
name: shop
stage: replicating
source:
  host: db1.example
  database: shop
  tls: verify-full
  admin: { user: postgres, password: { env: SOURCE_ADMIN_PASSWORD } }
target:
  host: db2.example
  database: shop
  tls: verify-full
  admin: { user: postgres, password: { env: TARGET_ADMIN_PASSWORD } }
roles:
  replication: { name: belt_replication, password: { env: BELT_REPLICATION_PASSWORD } }
`

describe('the command line', () => {
  let cwd = ''
  const belt = (...args: readonly string[]): Promise<BeltRun> => runBelt(args, { cwd })

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'belt-cli-'))
  })

  afterEach(async () => {
    await rm(cwd, { recursive: true, force: true })
  })

  it('prints help with every exit code, and its version', async () => {
    const help = await belt('--help')
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('5    another run holds the lock')
    expect(help.stdout.trimEnd().split('\n').at(-1)).toMatch(/^Next: belt init/)
    expect(await belt('--version')).toMatchObject({ code: 0, stdout: '0.1.0\n' })
  })

  it('refuses a wrong command line with 64 and a suggestion', async () => {
    expect(await belt('vlidate')).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('Did you mean validate'),
    })
    expect(await belt('validate', '--fiel', 'x')).toMatchObject({ code: 64, stderr: expect.stringContaining('--file') })
    expect(await belt()).toMatchObject({ code: 64, stdout: '' })
  })

  it('writes a spec from configurations of pgbelt, and never over a file that is there', async () => {
    const user = { name: 'postgres', pw: 'planted-5417' }
    const side = { host: 'h', ip: '10.0.0.1', db: 'shop', port: '5432', root_user: user, owner_user: user }
    const config = {
      db: 'shop',
      dc: 'eu',
      src: { ...side, pglogical_user: user },
      dst: { ...side, host: 'g', pglogical_user: user },
    }
    await writeFile(path.join(cwd, 'a.json'), JSON.stringify(config))
    await writeFile(path.join(cwd, 'b.json'), JSON.stringify({ ...config, db: 'crm', tabels: [] }))
    const written = await belt('import', 'pgbelt', 'a.json', 'b.json', '--out', 'belt.yaml')
    expect(written).toMatchObject({ code: 0, stdout: 'belt.yaml is written.\nNext: belt validate -f belt.yaml\n' })
    expect(written.stderr).toContain('b.json:1:')
    expect(written.stderr).toContain('warning[import-unknown-key]: tabels is left out')
    expect(written.stderr).toContain('BELT_CRM_REPLICATION_PASSWORD  src.pglogical_user.pw, b.json:1:')
    expect(await belt('validate')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('shop to replicating and crm'),
    })
    expect(await belt('import', 'pgbelt', 'a.json', '--out', 'belt.yaml')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('spec-exists'),
    })
    const shown = await belt('import', 'pgbelt', 'a.json')
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('name: shop') })
    expect([written, shown].map((run) => run.stdout + run.stderr).join('')).not.toContain('planted-5417')
    expect(await belt('import', 'pgbelt', '.')).toMatchObject({ code: 64, stderr: expect.stringContaining('EISDIR') })
  })

  it('accepts a valid spec without connecting anywhere', async () => {
    await writeFile(path.join(cwd, 'belt.yaml'), SPEC)
    expect(await belt('validate')).toMatchObject({
      code: 0,
      stdout: 'belt.yaml is valid: it moves shop to replicating.\nNext: belt plan\n',
      stderr: '',
    })
  })

  it('reports everything wrong with a spec at its place, with 64', async () => {
    await writeFile(path.join(cwd, 'shop.yaml'), SPEC.replace('stage: replicating', 'stage: replicatng\nscop: {}'))
    const run = await belt('validate', '-f', 'shop.yaml')
    expect(run).toMatchObject({ code: 64, stdout: '' })
    expect(run.stderr).toContain('shop.yaml:3:')
    expect(run.stderr).toContain('shop.yaml:4:')
    expect(run.stderr).toContain('shop.yaml has 2 errors')
    expect(run.stderr.trimEnd().split('\n').at(-1)).toContain('belt validate -f shop.yaml')
  })

  it('shows no password that stands in a spec by mistake', async () => {
    await writeFile(path.join(cwd, 'belt.yaml'), SPEC.replace('{ env: SOURCE_ADMIN_PASSWORD }', 'hunter2-hunter2'))
    const run = await belt('validate', '--debug')
    expect(run.code).toBe(64)
    expect(run.stderr + run.stdout).not.toContain('hunter2')
  })

  it('says how to get a spec when there is none', async () => {
    expect(await belt('validate')).toMatchObject({ code: 64, stderr: expect.stringContaining('belt init') })
  })

  it('colours when forced, and never against NO_COLOR or --no-color', async () => {
    await writeFile(path.join(cwd, 'belt.yaml'), SPEC)
    const colored = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> =>
      (await runBelt(['validate', ...args], { cwd, env })).stdout.includes('\u001b[')
    expect(await colored([], {})).toBe(false)
    expect(await colored([], { FORCE_COLOR: '1' })).toBe(true)
    expect(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
    expect(await colored(['--no-color'], { FORCE_COLOR: '1' })).toBe(false)
  })
})
