import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockKeyAsOids, runLockKey } from '../../src/postgres/lock-key.js'
import { sql, withClient } from '../support/databases.js'
import { builtBelt } from '../support/run-belt.js'
import { shopWorkspace, type Workspace } from './cli/workspace.js'

async function savedPlan({ belt, cwd }: Workspace): Promise<{ readonly lineage: string }> {
  expect(await belt('plan', '--out', 'plan.json')).toMatchObject({ code: 0 })
  return JSON.parse(await readFile(path.join(cwd, 'plan.json'), 'utf8')) as { readonly lineage: string }
}

describe('an apply that does not come to its end', () => {
  it('stops at Ctrl-C, says so, and goes on with the same command', async () => {
    const shop = await shopWorkspace()
    await savedPlan(shop)
    await withClient(shop.source, async (reader) => {
      await reader.query('begin')
      await reader.query('lock table audit_log in access share mode')
      const apply = await shop.start('apply', 'plan.json')
      await apply.saw('source replica identity full on public.audit_log')
      apply.kill('SIGINT')
      const stopped = await apply.done
      expect(stopped).toMatchObject({ code: 130 })
      expect(stopped.stderr).toContain('Stopping once the running actions are done')
      await reader.query('rollback')
    })
    expect(await shop.belt('apply', 'plan.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('going on'),
    })
  })

  it('ends with 143 at SIGTERM', async () => {
    const shop = await shopWorkspace()
    await savedPlan(shop)
    await withClient(shop.source, async (reader) => {
      await reader.query('begin')
      await reader.query('lock table audit_log in access share mode')
      const apply = await shop.start('apply', 'plan.json', '--json')
      await expect
        .poll(() => sql(shop.source, `select from pg_locks where not granted and relation = 'audit_log'::regclass`), {
          timeout: 60_000,
          interval: 50,
        })
        .toHaveLength(1)
      apply.kill('SIGTERM')
      expect(await apply.done).toMatchObject({
        code: 143,
        stdout: expect.stringMatching(/"type":"error".*"exitCode":143}\n$/),
      })
      await reader.query('rollback')
    })
  })

  it('survives kill -9 behind the SQL of an action, by BELT_FAULT', async () => {
    const shop = await shopWorkspace()
    await savedPlan(shop)
    const killed = await shop.beltWith({ env: { BELT_FAULT: 'after-sql:slot.source' } }, 'apply', 'plan.json')
    expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' })
    expect(await shop.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    expect(await shop.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    expect(await shop.beltWith({ env: { BELT_FAULT: 'sometimes' } }, 'apply', 'plan.json')).toMatchObject({ code: 64 })
  })

  it('exits with 5 and names the holder when another run has the lock, which release ends', async () => {
    const shop = await shopWorkspace()
    const [classId, objectId] = lockKeyAsOids(runLockKey((await savedPlan(shop)).lineage))
    await withClient(shop.target, async (other) => {
      other.on('error', () => undefined)
      await other.query(
        `select pg_advisory_lock(${classId}::oid::int8::bit(32)::int4, ${objectId}::oid::int8::bit(32)::int4)`,
      )
      const locked = await shop.belt('apply', 'plan.json', '--lock-timeout', '300ms')
      expect(locked).toMatchObject({ code: 5, stderr: expect.stringContaining('belt-test') })
      expect((await shop.belt('state', 'lock')).stdout).toContain('belt-test')
      expect((await shop.belt('status')).stdout).toMatch(/lock +held by belt-test/)
      expect(await shop.belt('state', 'release')).toMatchObject({ code: 3 })
      expect(await shop.belt('state', 'release', '--yes')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Ended'),
      })
    })
    expect(await shop.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  })

  it('refuses with 3 what no longer fits, was edited, or leads elsewhere', async () => {
    const shop = await shopWorkspace()
    await savedPlan(shop)
    await sql(shop.source, 'alter table orders add column note text')
    const stale = await shop.belt('apply', 'plan.json')
    expect(stale).toMatchObject({ code: 3, stderr: expect.stringContaining('source table public.orders') })
    expect(stale.stderr).toContain('(plan-stale)')

    const file = path.join(shop.cwd, 'plan.json')
    const reviewed = await readFile(file, 'utf8')
    await writeFile(file, reviewed.replace('create table', 'create unlogged table'))
    expect(await shop.belt('apply', 'plan.json')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('plan-altered'),
    })
    await writeFile(file, reviewed)
    const spec = path.join(shop.cwd, 'belt.yaml')
    await writeFile(spec, (await readFile(spec, 'utf8')).replace('stage: replicating', 'stage: prepared'))
    expect(await shop.belt('apply', 'plan.json')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('plan-other-stage'),
    })
  })
})

it('is quiet about a reader that goes away', async () => {
  const shop = await shopWorkspace()
  const main = path.join(await builtBelt(), 'cli/main.js')
  const stderr = await new Promise<string>((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', `"${process.execPath}" "${main}" plan --sql | head -n 1`],
      {
        cwd: shop.cwd,
        env: {
          ...process.env,
          SOURCE_ADMIN_PASSWORD: shop.source.password,
          TARGET_ADMIN_PASSWORD: shop.target.password,
          BELT_REPLICATION_PASSWORD: 'x',
        },
      },
      (_, __, text) => resolve(text),
    )
  })
  expect(stderr).toBe('')
})
