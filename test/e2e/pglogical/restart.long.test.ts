import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import { expectSameRows, rowsOf } from '../breadth/support/rows.js'
import { mended } from '../down/support/down.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { restartBroken } from '../restart/support/restart.js'

/** Behind each of these the copy that was taken away, or the one that begins, is half there. */
const KILLS =
  /^(?:drop\.subscription\.target|drop\.set\.source|drop\..*orders|truncate\.target|set-tables\.source|subscription\.target)/

test.each([
  [13, 15],
  [15, 17],
] as const)(
  'a lost slot and rows that differ: taken away and copied anew, killed on the way, from %i to %i',
  async (from, to) => {
    const pair = await ownPair('restart', await withPglogical(from), await withPglogical(to))
    await restartBroken(
      pair,
      (plan) => {
        const points = plan.actions.filter((a) => KILLS.test(a.id)).map((a) => `after-sql:${a.id}`)
        expect(points.length).toBeGreaterThan(4)
        return points
      },
      'pglogical',
    )
  },
)

test.each([
  [13, 15],
  [15, 17],
] as const)('an initial copy that failed on rows of somebody else, from %i to %i', async (from, to) => {
  const pair = await ownPair('failed', await withPglogical(from), await withPglogical(to))
  const { source, target } = pair
  await sql(
    source,
    `create table parent (id int primary key, t text);
     create table child (id int primary key, parent int references parent, t text);
     insert into parent select i, repeat('x', 100) from generate_series(1, 5000) as i;
     insert into child select i, i, 'c' from generate_series(1, 5000) as i`,
  )
  const life = await migration(pair, { spec: { engine: 'pglogical' } })
  await life.ask('replicating')
  await life.plan()
  // Between the look of the preflight and the copy somebody writes to the target.
  const first = await life.killedAt('after-sql:set-tables.source', 'apply', 'plan.json')
  expect(first, first.stderr).toMatchObject({ signal: 'SIGKILL' })
  await sql(target, `insert into child values (7, 7, 'of somebody else')`)
  const copying = await life.start('apply', 'plan.json')
  await expect
    .poll(() => readFile(pair.servers.target.logFile, 'utf8'), { timeout: 120_000, interval: 500 })
    .toContain('nonrecoverable step')
  copying.kill('SIGINT')
  await copying.done
  expect(await sql(target, `select t from child`)).toEqual([{ t: 'of somebody else' }])

  await life.ask('replicating', false)
  await life.plan('--restart')
  const unapproved = await life.belt('apply', 'plan.json')
  expect(unapproved).toMatchObject({ code: 3 })
  expect(unapproved.stderr).toContain('{ hazard: truncate-target, action: truncate.target')
  expect(await sql(target, `select t from child`)).toHaveLength(1)

  await life.ask('replicating')
  const plan = await life.plan('--restart')
  for (const id of ['drop.subscription.target', 'truncate.target', 'subscription.target']) {
    expect(plan.actions.map((a) => a.id)).toContain(id)
    const killed = await life.killedAt(`after-sql:${id}`, 'apply', 'plan.json')
    expect(killed, id + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    await sql(
      source,
      `update parent set t = '${id}' where id = 3; delete from child where id = (select max(id) from child)`,
    )
  }
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
  await expectSameRows(source, target)
  await mended(life)
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

  // Carried out, the file takes nothing away once more.
  const held = await rowsOf(target)
  const again = await life.belt('apply', 'plan.json')
  expect(again, again.stderr).toMatchObject({ code: 0 })
  expect(await rowsOf(target)).toEqual(held)
  await life.reach('cutover')
  expect(await rowsOf(source)).toEqual(await rowsOf(target))
})
