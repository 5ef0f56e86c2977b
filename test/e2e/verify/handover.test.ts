import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { State } from '../../../src/state/state.js'
import { sql } from '../../support/databases.js'
import { shopWorkspace, type Workspace } from '../cli/workspace.js'

const APPROVED = ['source', 'target'].flatMap((side) => [
  `  - { hazard: write-pause, action: fence.${side}, reason: test, until: 2099-12-31 }\n`,
  `  - { hazard: point-of-no-return, action: no-return.${side}, reason: test, until: 2099-12-31 }\n`,
])

async function ask({ cwd, belt }: Workspace, stage: string): Promise<void> {
  const file = path.join(cwd, 'belt.yaml')
  const spec = (await readFile(file, 'utf8')).replace(/^stage: .*$/m, `stage: ${stage}`)
  const more = spec.includes('approve:') ? '' : `verify: { chunk: 500 }\napprove:\n${APPROVED.join('')}`
  await writeFile(file, `${spec}${more}`)
  expect(await belt('plan', '--out', 'plan.json')).toMatchObject({ code: 0 })
}

/** By action, what its last run left behind as proof. */
async function evidence({ belt }: Workspace, action: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { stdout } = await belt('state', 'show', '--json')
  return (JSON.parse(stdout) as State).actions[action]?.evidence
}

async function begunTables({ cwd }: Workspace): Promise<string> {
  return readFile(path.join(cwd, '.belt/shop.state.json.verify'), 'utf8').catch(() => '')
}

it('compares every row before each handover, refuses where one differs, and goes on after a kill', async () => {
  const shop = await shopWorkspace(13, 17)
  const { belt, start, source, target } = shop
  await sql(
    source,
    `insert into orders select i, 1 + i % 100, i from generate_series(1001, 20000) as i;
     alter table orders add constraint odd check (total <> 13000) not valid; create sequence tickets`,
  )
  expect(await belt('apply', '--yes')).toMatchObject({ code: 0 })
  const silently = (statement: string): string => `set session_replication_role = replica; ${statement}`

  await sql(target, silently(`update orders set total = -1 where id = 77; insert into audit_log values ('epoch', 'y')`))
  await ask(shop, 'cutover')
  const refused = await belt('apply', 'plan.json')
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('(rows-differ)') })
  expect(refused.stderr).toContain('public.orders: changed id = 77 (total)')
  expect(refused.stderr).toContain('public.audit_log: extra a row that is there not on the source')
  expect((await belt('status')).stdout).toMatch(/verified +DIFFERENT .* ago: every row, 3 tables/)
  // Nothing of the handover was begun.
  expect(await sql(target, 'select from pg_replication_slots where database = current_database()')).toEqual([])
  expect(await sql(source, `select from belt.record where action like 'fence%'`)).toEqual([])

  await sql(target, silently(`update orders set total = 77 where id = 77; delete from audit_log where what = 'y'`))
  const killed = await start('verify', '--rate', '0.05', '--jobs', '1')
  await expect.poll(() => begunTables(shop)).toContain('"after":["')
  killed.kill('SIGKILL')
  await killed.done
  const stopped = await start('verify', '--rate', '0.05', '--jobs', '1')
  await stopped.saw('Going on from a comparison begun at ')
  stopped.kill('SIGINT')
  expect(await stopped.done).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('Stopped. The same command goes on from here; belt verify --fresh begins again.\n'),
  })
  await sql(source, 'create table late (id int primary key)')
  const held = await belt('apply', 'plan.json')
  expect(held.stderr).toContain('going on with the comparison of rows begun at ')
  expect(held.stderr).toMatch(/table public\.late.* on the source and not on the target \(not-paired\)/)
  expect(held).toMatchObject({ code: 4, stderr: expect.stringContaining('(gate-closed)') })
  expect(await begunTables(shop)).toBe('')
  expect(await sql(source, `select from belt.record where action like 'fence%'`)).toEqual([])

  await sql(source, 'drop table late')
  for (const side of [source, target]) await sql(side, 'create sequence late')
  const grown = await belt('apply', 'plan.json')
  expect(grown).toMatchObject({ code: 4, stderr: expect.stringContaining('(gate-closed)') })
  expect(grown.stderr).toContain('not in the plan: sequence public.late')
  expect(await sql(source, `select from belt.record where action like 'fence%'`)).toEqual([])
  for (const side of [source, target]) await sql(side, 'drop sequence late')
  const applied = await belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  const proof = { rowVerdict: 'equal', tables: 3, rows: 20_150, comparedAt: expect.any(String) }
  expect(await evidence(shop, 'compare.cutover')).toMatchObject(proof)
  expect(await evidence(shop, 'verify.cutover')).toMatchObject({ streamed: { tables: 3, rows: 20_150, left: 0 } })

  await sql(source, silently('delete from orders where id = 50'))
  await ask(shop, 'rolled-back')
  const kept = await belt('apply', 'plan.json')
  expect(kept).toMatchObject({ code: 4, stderr: expect.stringContaining('public.orders: extra id = 50\n') })
  await sql(source, silently('insert into orders values (50, 51, 50)'))
  await sql(target, `update orders set total = total + 1 where id < 100; select nextval('tickets')`)
  const back = await belt('verify')
  expect(back, back.stdout + back.stderr).toMatchObject({ code: 0 })
  expect(back.stdout).toContain('compared while changes stream from the target')
  expect(await belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  expect(await evidence(shop, 'compare.rollback')).toMatchObject({
    publisher: 'target',
    comparedAt: expect.any(String),
  })
})
