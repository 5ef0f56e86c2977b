import { expect, test } from 'vitest'
import { recordTables } from '../../../src/migration/record-sql.js'
import type { Plan } from '../../../src/plan/plan.js'
import { sql } from '../../support/databases.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'

const LINEAGE = '99887766aabbccdd'
const HAZARD = 'leftover'

test('what a migration that died has left is told, planned away where that is sure, and else dropped only when approved', async () => {
  const { source, target } = await ownPair('left')
  await sql(source, 'create table t (id int primary key); insert into t values (1)')
  const [server] = await sql<{ cluster: string }>(
    target,
    'select system_identifier::text as cluster from pg_control_system()',
  )
  const sync = `pg_16999_sync_16998_${server?.cluster ?? ''}`
  const dead = 'belt_old_99887766_f'
  await sql(source, `select pg_create_logical_replication_slot($1, 'pgoutput')`, [dead])
  await sql(source, `select pg_create_logical_replication_slot($1, 'pgoutput')`, [sync])
  await sql(source, `create publication ${dead} for table t; create role old_replication replication login`)
  for (const text of recordTables('marker_99887766')) await sql(source, text)
  await sql(source, 'drop table belt.marker_99887766')
  await sql(
    source,
    `insert into belt.record (lineage, action, object) values ('${LINEAGE}', 'role.source.replication', 'role old_replication')`,
  )
  // Only Postgres itself may make an origin of such a name.
  await sql(
    target,
    `set allow_system_table_mods = on; insert into pg_replication_origin (roident, roname) values (4711, 'pg_16999')`,
  )

  const life = await migration({ source, target })
  await life.ask('prepared')
  const shown = await life.belt('plan')
  expect(shown.stdout).toContain('replication origin pg_16999 may be left over')
  expect((await life.belt('status')).stdout).toContain('pg_16999')
  const first = await life.reach('prepared')
  const leftovers = ({ actions }: Plan): readonly string[] =>
    actions
      .map((a) => a.id)
      .filter((id) => id.startsWith('drop.leftover.'))
      .toSorted()
  expect(leftovers(first)).toEqual([`drop.leftover.publication.source.${dead}`, `drop.leftover.slot.source.${dead}`])
  const slots = 'select slot_name::text as name from pg_replication_slots where not active and slot_name = any ($1)'
  expect(await sql(source, slots, [[dead, sync]])).toEqual([{ name: sync }])
  // No slot of belt's is left, so the role is told of too. Nothing of it is approved, so it is there yet.
  expect((await life.belt('plan')).stdout).toContain('role old_replication')
  expect(await sql(target, `select from pg_replication_origin where roname = 'pg_16999'`)).toHaveLength(1)

  const ids = [
    'drop.leftover.origin.target.pg_16999',
    'drop.leftover.records.source.99887766',
    'drop.leftover.role.source.old_replication',
    `drop.leftover.slot.source.${sync}`,
  ]
  const approve = ids.map((action) => ({ hazard: HAZARD, action, reason: 'nobody uses it', until: '2999-12-31' }))
  await life.ask('prepared', false, { approve })
  expect(leftovers(await life.plan())).toEqual(ids)
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  expect(await sql(target, `select from pg_replication_origin where roname = 'pg_16999'`)).toEqual([])
  expect(await sql(source, slots, [[dead, sync]])).toEqual([])
  expect(await sql(source, `select from pg_roles where rolname = 'old_replication'`)).toEqual([])
  expect(await sql(source, `select from belt.record where lineage = '${LINEAGE}'`)).toEqual([])
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
})
