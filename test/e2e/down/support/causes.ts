import { lstat, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import type { StartOptions } from '../../../../src/embedded/server.js'
import type { EngineName } from '../../../../src/spec/spec.js'
import { makeAuthority } from '../../../support/certificates.js'
import { freshDatabase, sql, uniqueName, type TestDatabase } from '../../../support/databases.js'
import { migration, type Migration } from '../../handover/support/migration.js'
import { ownPair, type OwnPair } from '../../handover/support/servers.js'
import { alarm, mended, same, SHOP, withLog } from './down.js'

/** A migration that replicates, whose subscription reaches the source over TLS and belt without. */
export interface Stand extends OwnPair {
  readonly engine: EngineName
  readonly life: Migration
}

export async function stand(
  engine: EngineName,
  from: StartOptions,
  to: StartOptions,
  approve: readonly string[] = [],
): Promise<Stand> {
  const { certificate, key } = await (await makeAuthority()).issue('source', ['IP:127.0.0.1'])
  const pair = await ownPair('cause', { ...from, tls: { certificate, key } }, withLog(to))
  await sql(pair.source, SHOP)
  const life = await migration(pair, { spec: { engine }, sourceReachableAt: { tls: 'require' }, approve })
  await life.reach('replicating')
  await same(life)
  return { ...pair, engine, life }
}

/** The cause is gone: the plan starts the subscription anew at most, changes flow, and nothing is left to do. */
export async function goesOn({ life, source }: Stand): Promise<void> {
  const plan = await life.reach('replicating')
  // Postgres' own worker tries again every few seconds, and pglogical's may just have done so.
  expect(plan.actions.map((a) => a.id).filter((id) => id !== 'redial-start.target')).toEqual([])
  await sql(source, `insert into orders select max(id) + 1, 'on' from orders`)
  await same(life)
  await mended(life)
}

/** As a network does it: the stream has to log in again. */
export async function cutOff(publisher: TestDatabase): Promise<void> {
  await sql(
    publisher,
    `select pg_terminate_backend(pid) from pg_stat_replication where pid in (select active_pid from pg_replication_slots)`,
  )
}

/** pg_hba.conf lets belt in and not the subscription, by a line that rejects it or because no line is for it. */
export async function refusedByHba(all: Stand, how: 'reject' | 'no line'): Promise<void> {
  const { engine, life, servers, source } = all
  const file = path.join(servers.source.dataDir, 'pg_hba.conf')
  const before = await readFile(file, 'utf8')
  await writeFile(
    file,
    how === 'reject' ? `hostssl all all all reject\n${before}` : before.replaceAll(/^host /gm, 'hostnossl '),
  )
  await sql(source, 'select pg_reload_conf()')
  await cutOff(source)
  if (engine === 'pglogical') {
    // It tries again within minutes only; until then all that is known is that the connection ended.
    const ended = await alarm(life, /drift-subscription-down: .*(data stream ended|pg_hba\.conf)/)
    expect(ended.fix).toContain(`must let ${life.replicationRole} in from there`)
    await life.plan()
    // Started anew it fails again, and the apply says so where it looks in time.
    expect([0, 4]).toContain((await life.belt('apply', 'plan.json')).code)
  }
  const found = await alarm(life, /drift-subscription-down: .*pg_hba\.conf/)
  expect(found.fix).toContain(`pg_hba.conf of the source must let ${life.replicationRole} in from there`)
  await expectTold(all, 'pg_hba.conf of the source must let')
  await writeFile(file, before)
  await sql(source, 'select pg_reload_conf()')
  await goesOn(all)
}

/** `belt plan` and `belt drift` say it too. */
export async function expectTold({ life }: Stand, text: string): Promise<void> {
  for (const command of ['plan', 'drift']) {
    const { stdout } = await life.belt(command)
    expect(stdout.replaceAll(/\s+/g, ' '), command).toContain(text)
  }
}

/** The target's disk has no room for a row of one table: its file is one that cannot grow. */
export async function diskFull(all: Stand): Promise<void> {
  const { life, servers, source, target } = all
  const [row] = await sql<{ path: string }>(target, `checkpoint; select pg_relation_filepath('line') as path`)
  const file = path.join(servers.target.dataDir, row?.path ?? '')
  await servers.target.kill9()
  await rename(file, `${file}.kept`)
  await symlink('/dev/full', file)
  await servers.target.restart()
  await sql(source, `insert into line values (1000, 1)`)
  const found = await alarm(life, /drift-subscription-down: .*No space left on device/)
  expect(found.fix).toContain('Make room on the target')
  await expectTold(all, 'Make room on the target')
  await servers.target.kill9()
  await rm(file)
  await rename(`${file}.kept`, file)
  expect((await lstat(file)).isFile()).toBe(true)
  await servers.target.restart()
  await goesOn(all)
}

/** The log that the slot needs is more than the source may keep for it. */
export async function slotInvalidated(all: Stand, off: string, on: string): Promise<void> {
  const { life, source, target } = all
  await sql(target, off)
  await expect
    .poll(() => sql(source, 'select active from pg_replication_slots where database = current_database()'), {
      timeout: 60_000,
    })
    .toEqual([{ active: false }])
  await sql(source, `alter system set max_slot_wal_keep_size = '1MB'`)
  await sql(source, `alter system set wal_keep_size = 0`)
  await sql(source, 'select pg_reload_conf()')
  await sql(source, `insert into orders values (2000, 'lost')`)
  await expect
    .poll(
      async () => {
        await sql(source, 'create table filler as select repeat(md5(g::text), 20) from generate_series(1, 40000) as g')
        await sql(source, 'drop table filler')
        await sql(source, 'select pg_switch_wal()')
        await sql(source, 'checkpoint')
        return sql(source, 'select wal_status from pg_replication_slots where database = current_database()')
      },
      { timeout: 120_000, interval: 100 },
    )
    .toEqual([{ wal_status: 'lost' }])
  await sql(target, on)
  const found = await alarm(life, /replication-broken: .* is invalid, because the server has removed log that it kept/)
  expect(found.fix).toContain('belt plan --restart')
  const plan = await life.belt('plan')
  expect(plan.code).toBe(1)
  expect((await life.belt('drift')).code).toBe(2)
  await sql(source, `alter system reset max_slot_wal_keep_size`)
  await sql(source, 'select pg_reload_conf()')
  await life.plan('--restart')
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
  await same(life)
  await mended(life)
}

/** Another migration's subscription into the same server, which takes up what the server has. */
export async function otherSubscription({ source, target }: Stand): Promise<TestDatabase> {
  const from = await freshDatabase(source.server, 'other')
  const to = await freshDatabase(target.server, 'other')
  const slot = uniqueName('other')
  await sql(from, `create table t (id int primary key)`)
  await sql(from, `create publication other for table t`)
  await sql(from, `select pg_create_logical_replication_slot('${slot}', 'pgoutput')`)
  await sql(to, 'create table t (id int primary key)')
  await sql(
    to,
    `create subscription ${slot} connection 'host=127.0.0.1 port=${String(from.port)} dbname=${from.database} user=${from.user} password=${from.password}'
     publication other with (create_slot = false, slot_name = '${slot}', copy_data = false)`,
  )
  return to
}
