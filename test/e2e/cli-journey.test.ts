import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { sql } from '../support/databases.js'
import { lastLine, shopWorkspace } from './cli/workspace.js'

interface Line {
  readonly v: number
  readonly type: string
}

it('goes from a spec to replicating, and tells about it in every form', async () => {
  const { belt, cwd, source, target, secrets } = await shopWorkspace()
  const shown: string[] = []
  const run: typeof belt = async (...args) => {
    const result = await belt(...args)
    shown.push(result.stdout, result.stderr)
    return result
  }

  const plan = await run('plan', '--detailed-exitcode', '--out', 'plans/shop.json', '--html', 'plan.html')
  expect(plan).toMatchObject({ code: 2 })
  expect(plan.stdout).toMatch(/^shop {2}absent → replicating/)
  expect(plan.stdout).toContain('replication slot belt_shop_')
  expect(lastLine(plan.stdout)).toBe('Next: have plans/shop.json reviewed, then belt apply plans/shop.json')
  shown.push(
    await readFile(path.join(cwd, 'plans/shop.json'), 'utf8'),
    await readFile(path.join(cwd, 'plan.html'), 'utf8'),
  )

  const saved = await run('show', 'plans/shop.json', '--markdown')
  expect(saved.stdout).toMatch(/^<!-- belt-plan shop -->\n/)
  const json = JSON.parse((await run('plan', '--json')).stdout) as {
    totals: { create: number }
    plan: { actions: object[] }
  }
  expect(json).toMatchObject({ v: 1, type: 'plan', applicable: true, changes: true })
  expect(plan.stdout).toContain(`Plan: ${json.totals.create} to create`)

  const apply = await run('apply', 'plans/shop.json', '--json')
  expect(apply).toMatchObject({ code: 0, stderr: '' })
  const lines = apply.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  expect(lines.every((line) => line.v === 1)).toBe(true)
  expect(lines[0]).toMatchObject({ type: 'started', actions: json.plan.actions.length })
  expect(lines.at(-1)).toMatchObject({ type: 'finished', stage: 'replicating', left: [] })

  expect(await run('plan', '--detailed-exitcode')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No changes'),
  })
  expect(await run('apply', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
  const status = await run('status')
  expect(status.stdout).toMatch(/^shop {2}stage replicating\n/)
  expect(status.stdout).toContain('closed to applications')
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
    v: 1,
    stage: 'replicating',
    replication: { enabled: true, running: true, tables: { ready: 4 } },
    alarms: [],
  })
  expect(await run('drift')).toMatchObject({ code: 0, stdout: expect.stringContaining('No drift') })

  const spec = await readFile(path.join(cwd, 'belt.yaml'), 'utf8')
  await writeFile(path.join(cwd, 'silent.yaml'), spec.replace(`port: ${source.port}`, 'port: 1'))
  const partial = await run('status', '-f', 'silent.yaml')
  expect(partial).toMatchObject({ code: 1, stderr: expect.stringContaining('(connect-failed)') })
  expect(partial.stdout).toMatch(/^shop {2}stage replicating by its state\n/)
  expect(partial.stdout).toContain('NOT REACHED')
  expect(partial.stdout).toContain('The source could not be looked at')
  expect(JSON.parse((await run('status', '-f', 'silent.yaml', '--json')).stdout)).toMatchObject({
    partial: true,
    source: { reached: false, code: 'connect-failed' },
    target: { reached: true, applications: 'kept out', subscriptions: [{ running: true, tables: { ready: 4 } }] },
  })

  await sql(source, 'create table forgotten (id integer primary key)')
  await sql(target, `grant connect on database "${target.database}" to public`)
  const drift = await run('drift')
  expect(drift).toMatchObject({ code: 2 })
  expect(drift.stdout).toContain('drift-target-open')
  expect(drift.stdout).toContain('table public.forgotten')
  expect(JSON.parse((await run('drift', '--json')).stdout)).toMatchObject({ v: 1, drift: true })

  const statePath = (await run('state', 'path')).stdout.trim()
  expect((await stat(statePath)).mode & 0o777).toBe(0o600)
  expect((await run('state', 'show')).stdout).toContain('stage replicating')
  expect(JSON.parse((await run('state', 'show', '--json')).stdout)).toMatchObject({ format: 'belt-state/1' })
  expect((await run('state', 'lock')).stdout).toContain('is free')

  shown.push(await readFile(statePath, 'utf8'))
  for (const secret of secrets) expect(shown.join('\n')).not.toContain(secret)
})

it('plans, shows and asks with apply -f; without a person it needs --yes', async () => {
  const { belt, target } = await shopWorkspace()
  const unconfirmed = await belt('apply')
  expect(unconfirmed).toMatchObject({ code: 3, stderr: expect.stringContaining('(unconfirmed)') })
  expect(unconfirmed.stdout).toContain('Plan: ')
  expect(await sql(target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])

  const applied = await belt('apply', '--yes')
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('shop is at stage replicating') })
  expect(lastLine(applied.stdout)).toBe('Next: belt status')
  expect(applied.stderr).toMatch(/^\d\d:\d\d:\d\d \[1\/\d+\] source schema belt/m)
})

it('writes a first spec from flags, and looks at both servers', async () => {
  const { beltWith, source, target, cwd } = await shopWorkspace()
  const flags = (['source', 'target'] as const).flatMap((side) => {
    const { host, port, database, user } = side === 'source' ? source : target
    return [
      `--${side}-host`,
      host,
      `--${side}-port`,
      String(port),
      `--${side}-database`,
      database,
      `--${side}-user`,
      user,
    ]
  })
  const init = await beltWith({}, 'init', '-f', 'first.yaml', '--name', 'first', ...flags)
  expect(init).toMatchObject({ code: 0, stderr: '' })
  expect(init.stdout).toMatch(/source: .*Postgres 15\.\d+.* 3 tables/)
  expect(lastLine(init.stdout)).toBe('Next: belt plan -f first.yaml')
  expect(await beltWith({}, 'validate', '-f', 'first.yaml')).toMatchObject({ code: 0 })
  const written = await readFile(path.join(cwd, 'first.yaml'), 'utf8')
  expect(written).toContain('password: { env: SOURCE_ADMIN_PASSWORD }')

  expect(await beltWith({}, 'init', '-f', 'first.yaml', ...flags)).toMatchObject({ code: 64 })
  expect(await readFile(path.join(cwd, 'first.yaml'), 'utf8')).toBe(written)
  const unset = { env: { TARGET_ADMIN_PASSWORD: undefined } }
  const partly = await beltWith(unset, 'init', '-f', 'first.yaml', '--force', ...flags)
  expect(partly).toMatchObject({ code: 1, stderr: expect.stringContaining('TARGET_ADMIN_PASSWORD is not set') })
  expect(partly.stdout).toContain('target: not reached')
})
