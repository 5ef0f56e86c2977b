import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import {
  cutOff,
  diskFull,
  expectTold,
  goesOn,
  otherSubscription,
  refusedByHba,
  slotInvalidated,
  stand,
  type Stand,
} from './support/causes.js'
import { alarm } from './support/down.js'

async function nameOf({ target }: Stand): Promise<string> {
  const [row] = await sql<{ name: string }>(
    target,
    `select quote_ident(subname) as name from pg_subscription
     where subdbid = (select oid from pg_database where datname = current_database())`,
  )
  return row?.name ?? ''
}

test('pg_hba.conf, a full disk, exhausted workers and an invalidated slot are told in words and mended', async () => {
  const all = await stand('native', { major: 15 }, { major: 17 })
  const { life, servers, source, target } = all
  const name = await nameOf(all)
  await refusedByHba(all, 'reject')
  await refusedByHba(all, 'no line')
  await diskFull(all)

  await otherSubscription(all)
  await sql(target, `alter subscription ${name} disable`)
  await servers.target.restart({ max_logical_replication_workers: '1' })
  await expect
    .poll(() => sql(target, 'select from pg_stat_subscription where pid is not null'), { timeout: 60_000 })
    .toHaveLength(1)
  await sql(target, `alter subscription ${name} enable`)
  const found = await alarm(life, /drift-subscription-down: .*max_logical_replication_workers/)
  expect(found.fix).toContain('Raise that limit')
  await expectTold(all, 'max_logical_replication_workers')
  await servers.target.restart({ max_logical_replication_workers: '8' })
  await goesOn(all)

  await servers.source.restart({ max_wal_senders: '0' })
  const senders = await alarm(life, /drift-subscription-down: .*max_wal_senders/)
  expect(senders.fix).toContain('Raise that limit')
  await servers.source.restart({ max_wal_senders: '10' })
  await goesOn(all)

  await slotInvalidated(all, `alter subscription ${name} disable`, `alter subscription ${name} enable`)
  await cutOff(source)
  await goesOn(all)
})
