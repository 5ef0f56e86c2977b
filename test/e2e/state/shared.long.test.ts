import { readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { State } from '../../../src/state/state.js'
import { sql } from '../../support/databases.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { as, makeShop, trade } from '../handover/support/shop.js'
import { leftOfBelt } from '../handover/support/stand.js'

async function stateOf(life: Migration): Promise<State> {
  const shown = await life.belt('state', 'show', '--json')
  if (shown.code !== 0) throw new Error(`${shown.stdout}\n${shown.stderr}`)
  return JSON.parse(shown.stdout) as State
}

/** As on another machine: nothing that an earlier run left in the folder is there. */
async function elsewhere(life: Migration): Promise<void> {
  await expect(stat(life.statePath)).rejects.toMatchObject({ code: 'ENOENT' })
  await rm(path.dirname(life.statePath), { recursive: true, force: true })
}

test('a state on the target serves every machine, from the first apply to the last', async () => {
  const databases = await ownPair('shared')
  const { source, target } = databases
  const shop = await makeShop(source)
  const options = { copyRoles: [shop.app.name, shop.granted.name], spec: { state: { backend: 'postgres' } } }
  const life = await migration(databases, options)

  await life.ask('replicating')
  const { actions } = await life.plan()
  expect(actions.find((a) => a.id === 'records.target')?.sql.join('\n')).toContain('belt.state')
  expect(await life.belt('apply', '--no-input')).toMatchObject({ code: 3 })
  expect(await sql(target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])

  // The table and the record that it was made are committed in one: there is no moment between them to be killed in.
  expect(await life.killedAt('after-sql:table.public.orders', 'apply', 'plan.json')).toMatchObject({
    signal: 'SIGKILL',
  })
  expect((await stateOf(life)).actions['table.public.orders']).toMatchObject({ status: 'done' })
  expect(await sql(target, `select from pg_class where oid = 'public.orders'::regclass`)).toHaveLength(1)
  await elsewhere(life)
  const resumed = await life.belt('apply', 'plan.json')
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
  expect((await life.belt('status')).stdout).toContain('stage replicating')
  expect((await life.belt('verify')).code).toBe(0)
  expect((await stateOf(life)).marks['verification full']).toBeDefined()

  const where = `belt.state of ${target.user}@${target.host}:${String(target.port)}/${target.database}`
  expect((await life.belt('state', 'path')).stdout).toBe(`${where}\n`)
  expect((await life.belt('state', 'lock')).stdout).toContain('is free')
  expect(await life.belt('state', 'release', '--yes')).toMatchObject({ code: 0 })

  // To a file and back, as somebody would who changes the backend.
  const before = await stateOf(life)
  const pulled = await life.belt('state', 'pull')
  expect(pulled, pulled.stderr).toMatchObject({ code: 0 })
  expect(pulled.stdout).toContain('Next: set state: { backend: local } in belt.yaml, then belt plan')
  expect(JSON.parse(await readFile(life.statePath, 'utf8'))).toEqual(before)
  expect((await life.belt('state', 'push')).stdout).toContain('was already in')

  await life.reach('cutover')
  expect(await life.belt('state', 'push')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('state-not-older'),
  })
  expect((await stateOf(life)).stage).toBe('cutover')
  await rm(path.dirname(life.statePath), { recursive: true })
  await trade(as(target, shop.app), 1)
  await life.reach('rolled-back')
  await life.reach('replicating')
  await life.reach('cutover')
  expect(
    await sql(target, `select from pg_publication_tables where schemaname = 'belt' and tablename like 'state%'`),
  ).toEqual([])

  await elsewhere(life)
  await life.reach('finalized')
  const kept = await sql(
    target,
    `select relname from pg_class where relnamespace = 'belt'::regnamespace and relkind = 'r' order by 1`,
  )
  expect(kept).toEqual([{ relname: 'state' }, { relname: 'state_change' }])
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(JSON.stringify(await sql(target, 'select * from belt.state'))).not.toMatch(/secret|password/i)

  const last = await life.reach('absent')
  expect(last.actions.map((a) => a.id)).toEqual(['forget.state'])
  for (const side of [source, target]) expect(await leftOfBelt(side, life.name, life.replicationRole)).toEqual([])
  expect(await life.belt('state', 'show')).toMatchObject({ code: 64 })
  expect(await life.belt('apply', '--yes')).toMatchObject({ code: 0 })
  expect(await sql(target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])
})
