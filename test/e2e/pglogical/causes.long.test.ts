import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import { diskFull, expectTold, goesOn, refusedByHba, slotInvalidated, stand } from '../down/support/causes.js'
import { alarm } from '../down/support/down.js'

test.each([
  [13, 15],
  [15, 17],
] as const)('pglogical: what stops it from %i to %i is told in words and mended', async (from, to) => {
  const all = await stand('pglogical', await withPglogical(from), await withPglogical(to))
  const { life, servers, source, target } = all
  await refusedByHba(all, 'reject')
  await refusedByHba(all, 'no line')
  await diskFull(all)

  // A row that a rule of the target refuses.
  await sql(target, `alter table orders add constraint brief check (length(code) < 9)`)
  await sql(source, `insert into orders values (300, 'much too long')`)
  const row = await alarm(life, /drift-subscription-down: .*violates check constraint "brief"/)
  expect(row.fix).toContain('take away what is in the way')
  await sql(target, `alter table orders drop constraint brief`)
  await goesOn(all)

  // A row that is there already, where pglogical must not overwrite it.
  await servers.target.restart({ 'pglogical.conflict_resolution': 'error' })
  await sql(target, `insert into orders values (400, 'there')`)
  await sql(source, `insert into orders values (400, 'here')`)
  const conflict = await alarm(life, /drift-subscription-down: .*public\.orders/)
  expect(conflict.fix).toContain('take away what is in the way')
  await sql(target, `delete from orders where id = 400`)
  await goesOn(all)

  await sql(source, `alter table orders add column "Note" text; insert into orders values (500, 'x', 'y')`)
  const column = await alarm(life, /drift-subscription-down: .*table public\.orders has no column "Note" on the target/)
  expect(column.fix).toContain('alter table public.orders add column "Note" text;')
  await sql(target, `alter table public.orders add column "Note" text`)
  await goesOn(all)

  // Launcher, supervisor and the database's manager are all that may run.
  await servers.target.restart({ max_worker_processes: '3', max_logical_replication_workers: '2' })
  const workers = await alarm(life, /drift-subscription-down: .*max_worker_processes/)
  expect(workers.fix).toContain('Raise that limit')
  await expectTold(all, 'max_worker_processes')
  await servers.target.restart({ max_worker_processes: '20' })
  await goesOn(all)

  await slotInvalidated(
    all,
    'select pglogical.alter_subscription_disable(sub_name, true) from pglogical.subscription',
    'select pglogical.alter_subscription_enable(sub_name, true) from pglogical.subscription',
  )
  await goesOn(all)
})
