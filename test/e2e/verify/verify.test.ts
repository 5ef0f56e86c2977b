import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sql } from '../../support/databases.js'
import { startWriters } from '../../support/writers.js'
import { lastLine, shopWorkspace } from '../cli/workspace.js'

interface Verified {
  readonly v: number
  readonly type: string
  readonly verdict: string
  readonly tables: readonly {
    readonly table: string
    readonly verdict: string
    readonly rows: { readonly source: number }
  }[]
  readonly differences: readonly {
    readonly table: string
    readonly key: Readonly<Record<string, string>> | null
    readonly kind: string
    readonly columns: readonly string[]
  }[]
}

const NAMES = `
  create schema "Odd ""schema""";
  create table "Odd ""schema"""."<b>it's</b>" ("the ""key""" text primary key, v text);
  insert into "Odd ""schema"""."<b>it's</b>" values ('k''1', 'tell-nobody');`

const PLANTED = `
  update orders set total = 918273645 where id = 5;
  delete from orders where id = 7;
  insert into orders values (-1, 1, 1);
  update "Odd ""schema"""."<b>it's</b>" set v = 'nor-this';
  delete from audit_log where ctid = (select min(ctid) from audit_log);`

it('calls both sides equal after the copy, names planted differences by key, and hides their values', async () => {
  const { belt, cwd, source, target, secrets } = await shopWorkspace()
  await sql(source, NAMES)

  expect(await belt('verify')).toMatchObject({ code: 1, stderr: expect.stringContaining('(verify-not-streaming)') })
  expect(await belt('apply', '--yes')).toMatchObject({ code: 0 })

  const equal = await belt('verify')
  expect(equal).toMatchObject({ code: 0 })
  expect(equal.stdout).toMatch(/^Equal: 4 tables, 1,151 rows, /m)
  expect(lastLine(equal.stdout)).toBe('Next: belt status')
  expect((await belt('status')).stdout).toMatch(/verified +equal .* ago: every row, 4 tables, 1,151 rows/)

  await sql(target, `set session_replication_role = replica; ${PLANTED}`)
  const found = await belt('verify', '--html', 'out/verify.html')
  expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining('The page is out/verify.html\n') })
  expect(found.stdout).toContain('public.orders  1 changed, 1 missing and 1 extra')
  expect(found.stdout).toMatch(/changed +id = 5 +\(total\)/)
  expect(found.stdout).toMatch(/missing +id = 7/)
  expect(found.stdout).toMatch(/extra +id = -1/)
  expect(found.stdout).toMatch(/missing +a row that is there \d+ times on the source and \d+ times on the target/)
  const odd = `'"Odd ""schema"""."<b>it'\\''s</b>"'`
  expect(lastLine(found.stdout)).toContain(
    `Next: belt verify --tables ${odd} --show-values to see the values; belt plan`,
  )
  expect(lastLine(found.stdout)).toContain(` --resync ${odd} `)
  expect(lastLine(found.stdout)).toContain(' --resync public.orders ')
  const page = await readFile(path.join(cwd, 'out/verify.html'), 'utf8')
  expect(page).toContain('id = 7')
  expect(page).toContain('&lt;b&gt;it&#39;s&lt;/b&gt;')
  expect(page).not.toContain('<b>it')

  const run = await belt('verify', '--json')
  expect(run.code).toBe(2)
  const json = JSON.parse(run.stdout) as Verified
  expect(json).toMatchObject({
    v: 1,
    type: 'verify',
    verdict: 'different',
    publisher: 'source',
    structure: { findings: [] },
  })
  const keyed = json.differences
    .filter((d) => d.key !== null)
    .map(({ table, key, kind, columns }) => ({ table, key, kind, columns }))
  expect(keyed).toHaveLength(4)
  expect(keyed).toEqual(
    expect.arrayContaining([
      { table: 'public.orders', key: { id: '5' }, kind: 'changed', columns: ['total'] },
      { table: 'public.orders', key: { id: '7' }, kind: 'missing', columns: [] },
      { table: 'public.orders', key: { id: '-1' }, kind: 'extra', columns: [] },
      { table: `"Odd ""schema"""."<b>it's</b>"`, key: { 'the "key"': "k'1" }, kind: 'changed', columns: ['v'] },
    ]),
  )
  expect(json.differences.filter((d) => d.key === null)).toMatchObject([{ table: 'public.audit_log', kind: 'missing' }])
  const hidden = [found.stdout, page, run.stdout].join('\n')
  for (const value of ['tell-nobody', 'nor-this', '918273645', ...secrets]) expect(hidden).not.toContain(value)

  const shown = await belt('verify', '--tables', '*."<b>it\'s</b>"', '--show-values')
  expect(shown).toMatchObject({ code: 2 })
  expect(shown.stdout).toContain('v: source "tell-nobody", target "nor-this"')
  expect(await belt('verify', '--tables', 'public.customers', '--rate', '50', '--jobs', '1')).toMatchObject({ code: 0 })
  expect(await belt('verify', '--tables', 'public.nothing')).toMatchObject({ code: 64 })
  expect(await belt('verify', '--tables', 'customers')).toMatchObject({ code: 64 })
  expect((await belt('state', 'show', '--json')).stdout).toContain('"verification full"')
})

it('finds structure that only one side has, and leaves what waits for the cutover apart', async () => {
  const { belt, source, target } = await shopWorkspace()
  await sql(
    source,
    `create sequence tickets; select nextval('tickets');
     create function f() returns trigger language plpgsql as 'begin return new; end';
     create trigger always after update on orders for each row execute function f();
     alter table orders enable always trigger always;
     alter table orders add constraint odd check (total <> 13) not valid`,
  )
  expect(await belt('apply', '--yes')).toMatchObject({ code: 0 })
  const equal = await belt('verify')
  expect(equal).toMatchObject({ code: 0 })
  expect(equal.stdout).toContain('Positions of sequences: the cutover sets them.')
  expect(equal.stdout).toContain('constraint public.orders.odd: is not on the target')
  expect(equal.stdout).toMatch(/trigger public\.orders\.always: is disabled on the target/)

  await sql(target, 'drop index orders_customer_idx; create view stray as select 1 as one')
  const different = await belt('verify')
  expect(different).toMatchObject({ code: 2 })
  expect(different.stdout).toContain('index public.orders_customer_idx: is not on the target')
  expect(different.stdout).toContain('view public.stray: is only on the target')
  expect(lastLine(different.stdout)).toBe('Next: belt drift')
})

it('raises no false alarm while writers write, finds what is planted meanwhile, and stops at Ctrl-C', async () => {
  const { belt, start, source, target } = await shopWorkspace()
  await sql(source, `insert into orders select i, 1 + i % 100, i from generate_series(1001, 60000) as i`)
  expect(await belt('apply', '--yes')).toMatchObject({ code: 0 })
  // Every session by the primary key, and deleting none of the rows that another one changes: they never deadlock.
  const writers = startWriters(
    source,
    `with moved as (
         update orders set total = total + 1
         where id in (select 1001 + 997 * i + $1::bigint % 997 from generate_series(0, 53) as i)),
       gone as (delete from orders where id = 59998 - $1::bigint and id > 55000)
     insert into orders values (1000000 + $1::bigint, 1, 1)`,
    { pauseMs: 20 },
  )
  onTestFinished(async () => {
    await writers.stop().catch(() => undefined)
  })
  await writers.progress(5)
  for (let run = 0; run < 3; run += 1) {
    const result = await belt('verify')
    expect(result, result.stdout).toMatchObject({ code: 0 })
  }
  await sql(target, `set session_replication_role = replica; update orders set total = -1 where id = 59999`)
  const json = JSON.parse((await belt('verify', '--json', '--tables', 'public.orders')).stdout) as Verified
  expect(json.differences).toMatchObject([
    { table: 'public.orders', key: { id: '59999' }, kind: 'changed', columns: ['total'] },
  ])

  const slow = await start('verify', '--rate', '0.05', '--tables', 'public.orders')
  await slow.saw('rows/s')
  slow.kill('SIGINT')
  expect(await slow.done).toMatchObject({ code: 130, stdout: '' })
  const left = await sql(
    source,
    `select from pg_stat_activity where application_name like 'belt/shop/q-%' and datname = current_database()`,
  )
  expect(left).toEqual([])
  await writers.stop()
})
