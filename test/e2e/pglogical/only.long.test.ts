import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import { rowsOf } from '../breadth/support/rows.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { as, letsIn, makeShop, trade } from '../handover/support/shop.js'
import { behind } from '../handover/support/stand.js'

/** Only what was named is planned; it is carried out, and what is left is more than nothing. */
async function only(life: Migration, ...parts: readonly string[]): Promise<readonly string[]> {
  const plan = await life.plan(...parts.flatMap((part) => ['--only', part]))
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
  return plan.actions.map((a) => a.id)
}

async function refused(life: Migration, part: string): Promise<void> {
  const run = await life.belt('plan', '--only', part)
  expect(run.code, part).not.toBe(0)
  expect(run.stderr, part).toContain('only-elsewhere')
}

test.each([
  [13, 15],
  [15, 17],
] as const)(
  'parts of the way by themselves, and a cutover stopped half-way that goes on with its plan, from %i to %i',
  async (from, to) => {
    const pair = await ownPair('parts', await withPglogical(from), await withPglogical(to))
    const { source, target } = pair
    const shop = await makeShop(source)
    const life = await migration(pair, {
      copyRoles: [shop.app.name, shop.granted.name],
      spec: { engine: 'pglogical', cutover: { max_pause: '60s' } },
    })
    await life.reach('replicating')

    // Made on the source since, or lost on the target.
    await sql(source, 'create index later on entries (n)')
    await sql(target, 'drop index orders_n; alter table entries drop constraint entries_order_id_fkey')
    expect(await only(life, 'indexes')).toEqual(expect.arrayContaining(['index.public.later', 'index.public.orders_n']))
    expect((await only(life, 'constraints')).join()).toContain('entries_order_id_fkey')
    await only(life, 'verify')
    await only(life, 'analyze')
    await refused(life, 'sequences')
    await refused(life, 'keyless')
    await life.reach('replicating')
    expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

    await life.ask('cutover')
    await trade(as(source, shop.app), 1)
    expect((await only(life, 'sequences')).length).toBeGreaterThan(0)
    expect(await behind(target, source)).toEqual(expect.arrayContaining([]))
    const rehearsed = await only(life, 'keyless')
    expect(rehearsed).toEqual(
      expect.arrayContaining(['rehearse.rows.public.keyless', 'rehearse.rows.public.documents']),
    )
    expect(await sql(target, 'select from keyless')).toHaveLength((await sql(source, 'select from keyless')).length)
    expect((await only(life, 'constraints')).join()).toContain('orders_n_positive')
    await only(life, 'verify')
    await refused(life, 'indexes')
    await refused(life, 'analyze')
    expect(await letsIn(source, shop.app)).toBe(true)
    expect(await letsIn(target, shop.app)).toBe(false)
    await trade(as(source, shop.app), 2)

    // Stopped at both ends of the pause and before it, each time gone on with the same file.
    const { actions } = await life.plan()
    const pause = actions.filter((a) => a.phase === 'pause').map((a) => a.id)
    const before: readonly string[] = actions.filter((a) => a.phase === 'before pause').map((a) => a.id)
    const points = [before[0], before.at(-1), 'fence.source', 'stop.subscription.target', pause.at(-1)]
    for (const id of points) {
      const killed = await life.killedAt(`after-sql:${id ?? ''}`, 'apply', 'plan.json')
      expect(killed, (id ?? '') + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
      expect(await letsIn(source, shop.app), id).toBe(!pause.some((p) => p === id))
    }
    const applied = await life.belt('apply', 'plan.json')
    expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
    expect(await behind(target, source)).toEqual([])
    expect(await rowsOf(source)).toEqual(await rowsOf(target))
    await trade(as(target, shop.app), 3)
    expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    await life.reach('rolled-back')
    await expect.poll(() => rowsOf(source)).toEqual(await rowsOf(target))
    expect(await behind(source, target)).toEqual([])
  },
)
