import { expect, test } from 'vitest'
import type { StartOptions } from '../../../src/embedded/server.js'
import { withPglogical } from '../../support/debian.js'
import { sql, type TestDatabase } from '../../support/databases.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { MOVED, SCHEMA, SCOPE, STAYS } from './support/parts.js'

async function engines(name: string): Promise<readonly [StartOptions, StartOptions]> {
  const [engine, from, to] = name.split(' ')
  if (engine === 'native') return [{ major: Number(from) as 15 }, { major: Number(to) as 17 }]
  return [await withPglogical(Number(from) as 15), await withPglogical(Number(to) as 17)]
}

test.each(['pglogical 15 17', 'pglogical 13 15', 'pglogical 17 18', 'native 15 17'])(
  'a part of some tables moves, comes back and leaves the rest where it is: %s',
  async (name) => {
    const databases = await ownPair('parts', ...(await engines(name)))
    const { source, target } = databases
    await sql(source, SCHEMA)
    const life = await migration(databases, { spec: { engine: name.split(' ')[0], scope: SCOPE } })
    const first = await life.reach('replicating')
    expect(first.diagnostics.map((d) => `${d.code} ${d.subject ?? ''}`)).toEqual(
      expect.arrayContaining(['part-of-table table public.line', 'part-of-table table public.orders']),
    )
    expect(await sql(target, `select from orders where region <> 'eu' or secret is not null`)).toEqual([])
    expect(await sql(target, 'select from person where ssn is not null')).toEqual([])
    await sql(
      source,
      `insert into orders values ('eu', 1000, 'new', 1, 's'), ('us', 1000, 'new', 1, 's');
       insert into line values ('eu', 1000, 1, 'n'), ('us', 1000, 1, 'n');
       update orders set customer = 'changed', secret = 'changed' where id = 7; update orders set secret = 'more' where id = 8;
       delete from line where "order" = 9; delete from orders where id = 9;
       update person set name = 'renamed', ssn = 'x' where id < 5; insert into person (name, ssn) values ('later', 'y');
       insert into plain values (100, 'later'); insert into journal values ('streams'); update tally set n = 7 where id = 7`,
    )
    await same(source, target)
    await quiet(life)

    await life.reach('cutover')
    await same(source, target)
    const stays = (await sql(source, STAYS))[0]
    // A comparison that was recent enough knows nothing of what is written after it.
    await sql(
      target,
      `insert into orders (region, id, customer) values ('eu', 2000, 'on the target'); insert into line values ('eu', 2000, 1, 't');
       delete from line where "order" = 11; delete from orders where id = 11;
       update orders set discount = 7, secret = 'on the target' where id = 12;
       insert into person (name, ssn) values ('on the target', 'z'); update plain set body = 'on the target' where id = 1;
       insert into journal values ('on the target'); update tally set n = 8 where id = 8`,
    )
    await same(source, target)
    const compared = await life.belt('verify')
    expect(compared, compared.stdout + compared.stderr).toMatchObject({ code: 0 })
    await sql(target, `insert into orders (region, id, customer) values ('us', 1, 'stray')`)
    await life.ask('rolled-back')
    await life.plan()
    const refused = await life.belt('apply', 'plan.json')
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.stderr).toContain('public.orders')
    expect(refused.stderr).toContain('1 row outside the row filter')
    await sql(target, `delete from orders where region = 'us'`)

    await life.reach('rolled-back')
    await same(source, target)
    expect((await sql(source, STAYS))[0]).toEqual(stays)
    expect(
      await sql(source, `select id, secret from orders where region = 'eu' and id in (12, 2000) order by 1`),
    ).toEqual([
      { id: 12, secret: 's12' },
      { id: 2000, secret: null },
    ])
    await sql(source, `update orders set customer = 'home again' where id = 20`)
    await life.reach('replicating')
    await same(source, target)
    await quiet(life)

    // Another part from now on; what the first cutover published of the way back stands on the target still.
    const wider = {
      tables: { ...SCOPE.tables, row_filters: { 'public.orders': "region <> 'eu;--'", 'public.person': 'id < 150' } },
    }
    await life.ask('replicating', true, { scope: wider })
    await life.plan('--restart')
    const copied = await life.belt('apply', 'plan.json')
    expect(copied, copied.stderr).toMatchObject({ code: 0 })
    await life.ask('cutover', true, { scope: wider })
    await life.plan()
    const over = await life.belt('apply', 'plan.json')
    expect(over, over.stderr).toMatchObject({ code: 0 })
    await sql(
      target,
      `update orders set customer = 'wider' where region = 'us' and id = 30; truncate person; insert into plain values (104, 'last')`,
    )
    await expect.poll(() => sql(source, 'select from plain where id = 104'), { interval: 100 }).toHaveLength(1)
    expect(await sql(source, `select from orders where customer = 'wider'`)).toHaveLength(1)
    expect((await sql(source, 'select count(*)::int as n from person'))[0]).toEqual({ n: 202 })
    await sql(source, 'delete from person where id < 150')
    await life.ask('rolled-back', true, { scope: wider })
    await life.plan()
    const back = await life.belt('apply', 'plan.json')
    expect(back, back.stderr).toMatchObject({ code: 0 })
    await life.ask('absent', true, { scope: wider })
    await life.plan()
    const gone = await life.belt('apply', 'plan.json')
    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    for (const side of [source, target]) expect(await sql(side, 'select from pg_publication')).toEqual([])
  },
)

test.each(['pglogical 13 15', 'native 15 17'])(
  'what a part does not carry is found, stops a handover, and is mended: %s',
  async (name) => {
    const engine = name.split(' ')[0]
    const databases = await ownPair('parts', ...(await engines(name)))
    const { source, target } = databases
    await sql(source, SCHEMA)
    const life = await migration(databases, {
      spec: { engine, scope: SCOPE },
      approve: ['orders', 'line', 'tally'].map((name) => `truncate-target#resync.public.${name}`),
    })
    await life.reach('replicating')

    // Rows move into the filter and out of it, by a change of the key.
    await sql(
      source,
      `delete from line where "order" in (1, 2); update orders set region = 'eu', id = 7001 where region = 'us' and id = 1;
       update orders set region = 'us', id = 7002 where region = 'eu' and id = 2; insert into plain values (100, 'last')`,
    )
    await expect.poll(() => sql(target, 'select from plain where id = 100'), { interval: 100 }).toHaveLength(1)
    if (engine === 'pglogical') {
      const verified = await life.belt('verify', '--tables', 'public.orders')
      expect(verified).toMatchObject({ code: 2 })
      for (const key of ['7001', '2']) expect(verified.stdout).toContain(key)
      await life.ask('cutover')
      await life.plan()
      expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 4 })
      await life.ask('replicating')
      await life.plan('--resync', 'public.orders')
      const mended = await life.belt('apply', 'plan.json')
      expect(mended, mended.stderr).toMatchObject({ code: 0 })
    }
    await same(source, target)
    await quiet(life)

    // A worker that fails at what was promised not to happen is mended by carrying it.
    if (engine === 'native') {
      await sql(source, `delete from tally where id = 4; insert into tally values (4, 44)`)
      const carried = { tables: { ...SCOPE.tables, operations: { 'public.journal': ['insert'] } } }
      await life.ask('replicating', true, { scope: carried })
      await life.plan('--resync', 'public.tally')
      const mended = await life.belt('apply', 'plan.json')
      expect(mended, mended.stderr).toMatchObject({ code: 0 })
      await life.ask('replicating', true, { scope: SCOPE })
      await life.plan('--resync', 'public.tally')
      const again = await life.belt('apply', 'plan.json')
      expect(again, again.stderr).toMatchObject({ code: 0 })
      await same(source, target)
      await quiet(life)
    }

    // Changes that were promised not to happen.
    await sql(
      source,
      `delete from journal where what = 'j1'; delete from tally where id = 3; insert into plain values (101, 'last')`,
    )
    await expect.poll(() => sql(target, 'select from plain where id = 101'), { interval: 100 }).toHaveLength(1)
    const verified = await life.belt('verify')
    expect(verified).toMatchObject({ code: 2 })
    for (const table of ['public.journal', 'public.tally']) expect(verified.stdout).toContain(table)
    await sql(target, `delete from journal where what = 'j1'; delete from tally where id = 3`)
    await quiet(life)

    // A table that the source gains later, in a set that is not there yet.
    await sql(source, `create table late (what text); insert into late values ('before')`)
    const later = {
      tables: { ...SCOPE.tables, operations: { ...SCOPE.tables.operations, 'public.late': ['insert', 'truncate'] } },
    }
    await life.ask('replicating', true, { scope: later })
    if (engine === 'pglogical') {
      const refused = await life.belt('plan')
      expect(refused).toMatchObject({ code: 1 })
      expect(refused.stdout).toContain('part-later')
      await sql(source, 'drop table late')
    } else {
      await life.plan()
      const added = await life.belt('apply', 'plan.json')
      expect(added, added.stderr).toMatchObject({ code: 0 })
      await sql(
        source,
        `insert into late values ('after'); delete from late where what = 'before'; insert into plain values (103, 'last')`,
      )
      await expect.poll(() => sql(target, 'select from plain where id = 103'), { interval: 100 }).toHaveLength(1)
      expect(await sql(target, 'select what from late order by what')).toEqual([{ what: 'after' }, { what: 'before' }])
      await sql(source, 'truncate late; drop table late')
      await sql(target, 'drop table late')
    }
    await life.ask('replicating')

    // Another part than was published.
    const wider = {
      tables: {
        ...SCOPE.tables,
        row_filters: { ...SCOPE.tables.row_filters, 'public.line': "region in ('eu', 'us')" },
      },
    }
    await life.ask('replicating', true, { scope: wider })
    const changed = await life.belt('plan')
    expect(changed, changed.stdout).toMatchObject({ code: 1 })
    expect(changed.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'public.line is published from the source with another row filter',
    )
    const flags = engine === 'pglogical' ? ['--restart'] : ['--resync', 'public.line']
    await life.plan(...flags)
    const copied = await life.belt('apply', 'plan.json')
    expect(copied, copied.stderr).toMatchObject({ code: 0 })
    expect((await sql(target, `select count(*)::int as n from line where region = 'us'`))[0]).toEqual(
      (await sql(source, `select count(*)::int as n from line where region = 'us'`))[0],
    )
    await life.ask('replicating')
    const back = await life.belt('plan')
    expect(back).toMatchObject({ code: 1 })
    await life.ask('replicating', true, { scope: wider })
    await quiet(life)

    // A TRUNCATE on the target does not reach what stays on the source.
    await life.ask('cutover', true, { scope: wider })
    await life.plan()
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    const lines = await sql(source, 'select count(*)::int as n from line')
    await sql(target, `truncate line; truncate box cascade; insert into plain values (102, 'last')`)
    await expect.poll(() => sql(source, 'select from plain where id = 102'), { interval: 100 }).toHaveLength(1)
    expect(await sql(source, 'select count(*)::int as n from line')).toEqual(lines)
    expect(
      await sql(source, 'select count(*)::int as boxes, (select count(*)::int from item) as items from box'),
    ).toEqual([{ boxes: 0, items: 20 }])
    await life.ask('rolled-back', true, { scope: wider })
    await life.plan()
    const refused = await life.belt('apply', 'plan.json')
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.stderr).toContain('public.line')
  },
)

async function same(source: TestDatabase, target: TestDatabase): Promise<void> {
  await expect.poll(async () => (await sql(target, MOVED))[0], { interval: 100 }).toEqual((await sql(source, MOVED))[0])
}

/** Verified, nothing to do, no drift. */
async function quiet(life: Migration): Promise<void> {
  const verified = await life.belt('verify')
  expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 })
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  const drift = await life.belt('drift')
  expect(drift, drift.stdout).toMatchObject({ code: 0 })
}
