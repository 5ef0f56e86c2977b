import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical, type DebianMajor } from '../../support/debian.js'
import { expectSameRows } from '../breadth/support/rows.js'
import { alarm, withLog } from '../down/support/down.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const PAIRS: readonly (readonly [from: DebianMajor, to: DebianMajor])[] = [
  [13, 15],
  [15, 17],
  [17, 18],
]
const ORDERS = 'create table orders (id int primary key, v text)'
const APPROVED = ['truncate-target#resync.public.orders']

test.each(PAIRS)(
  'from %i to %i a table that somebody dropped and made again on the target is told, and copied anew',
  async (from, to) => {
    const pair = await ownPair('again', await withPglogical(from), await withPglogical(to))
    const { source, target } = pair
    await sql(
      source,
      `${ORDERS}; create table other (id int primary key);
       insert into orders select g, 'o' || g from generate_series(1, 300) as g; insert into other values (1)`,
    )
    const life = await migration(pair, { spec: { engine: 'pglogical' }, approve: APPROVED })
    await life.reach('replicating')
    expect(await life.belt('drift')).toMatchObject({ code: 0 })

    // A table that belt adds later is none of these, from the first moment on.
    await sql(source, `create table later (id int primary key); insert into later values (1), (2)`)
    await life.plan()
    const added = await life.killedAt('after-record:set-tables.source', 'apply', 'plan.json')
    expect(added).toMatchObject({ signal: 'SIGKILL' })
    expect((await life.plan()).actions.map((a) => a.id)).not.toContain('resync-begin.public.later')
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    expect(await life.belt('drift')).toMatchObject({ code: 0 })

    await sql(target, `drop table orders; ${ORDERS}`)
    await sql(source, `insert into orders values (1000, 'new'); update orders set v = 'changed' where id = 5`)
    await expect.poll(() => sql(target, 'select id from orders'), { timeout: 30_000 }).toEqual([{ id: 1000 }])
    const words = 'public.orders was dropped and made again on the target'
    expect((await life.belt('status')).stdout).toContain(words)
    const drift = await life.belt('drift')
    expect(drift.stdout).toContain(words)
    expect(drift.code).toBe(2)
    // A handover does not begin.
    await life.ask('cutover')
    const refused = await life.belt('plan')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stdout).toContain('drift-made-again')

    const plan = await life.reach('replicating')
    expect(plan.diagnostics.map((d) => d.code)).toContain('drift-made-again')
    expect(plan.actions.map((a) => a.id)).toContain('resync.public.orders')
    await expectSameRows(source, target)
    expect(await life.belt('drift')).toMatchObject({ code: 0 })
    await life.reach('cutover')
    await sql(target, `insert into orders values (2000, 'on the target')`)
    await life.reach('rolled-back')
    await expectSameRows(source, target)

    // This subscription is made without a copy, so it knows of no table: what was compared proves nothing any more.
    await life.reach('replicating')
    expect(await life.belt('verify')).toMatchObject({ code: 0 })
    // Where the target's set for the way back has been made it holds the table.
    await sql(target, `drop table orders cascade; ${ORDERS}`)
    await life.ask('cutover')
    await life.plan()
    const stopped = await life.belt('apply', 'plan.json')
    expect(stopped).toMatchObject({ code: 4 })
    expect(stopped.stderr).toMatch(/every row of 3 tables: failed: [^]*\(rows-differ\)/)
    await sql(source, `insert into orders values (3000, 'never closed')`)
  },
)

test('made again without a column, it is told beside why the worker fails, and copied anew once that is mended', async () => {
  const pair = await ownPair('less', await withPglogical(15), withLog(await withPglogical(17), 'stderr'))
  const { source, target } = pair
  await sql(source, `${ORDERS}; insert into orders select g, 'o' || g from generate_series(1, 300) as g`)
  const life = await migration(pair, { spec: { engine: 'pglogical' }, approve: APPROVED })
  await life.reach('replicating')
  await sql(target, `drop table orders; create table orders (id int primary key)`)
  await sql(source, `insert into orders values (1000, 'new')`)
  await alarm(life, /has no column v on the target/, ['drift-made-again'])
  await alarm(life, /public\.orders was dropped and made again on the target/, ['drift-subscription-down'])

  await sql(target, `alter table orders add column v text`)
  const first = await life.plan()
  const ids: readonly string[] = first.actions.map((a) => a.id)
  expect(first.diagnostics.map((d) => d.code)).toContain('drift-made-again')
  // By itself the worker tries again after a while only.
  if (ids.includes('redial-start.target')) {
    expect(ids).not.toContain('copy.target')
    const applied = await life.belt('apply', 'plan.json')
    expect(applied, applied.stderr).toMatchObject({ code: 4 })
    expect(applied.stderr).toContain('copy-unfinished')
    expect(applied.stderr).toContain('needs a new plan')
  }
  expect((await life.reach('replicating')).actions.map((a) => a.id)).toContain('resync.public.orders')
  await expectSameRows(source, target)
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
})
