import { quoteIdent } from '../../src/core/quote.js'
import type { EmbeddedServer } from '../../src/embedded/server.js'
import { databaseOf, sql } from '../support/databases.js'
import { withPglogical } from '../support/debian.js'
import { ownServer } from '../support/servers.js'

/** The two servers of a scenario, empty before it. */
export interface GoldenServers {
  readonly source: EmbeddedServer
  readonly target: EmbeddedServer
}

/** Servers of their own, for roles and slots of other tests would show in the plans. */
export async function startGoldenServers(): Promise<GoldenServers> {
  const [source, target] = await Promise.all([ownServer({ major: 15 }), ownServer({ major: 17 })])
  return { source, target }
}

/** As somebody's servers are who has installed pglogical and not yet allowed its output plugin: that is in the plan. */
export async function startPglogicalServers(): Promise<GoldenServers> {
  const settings = { shared_preload_libraries: 'pglogical' }
  const [from, to] = await Promise.all([withPglogical(15), withPglogical(17)])
  const [source, target] = await Promise.all([ownServer({ ...from, settings }), ownServer({ ...to, settings })])
  return { source, target }
}

export async function stopGoldenServers({ source, target }: GoldenServers): Promise<void> {
  await target.stop()
  await source.stop()
}

/** Takes away whatever a scenario left: subscriptions first, since they hold slots on the other side. */
export async function emptyServers({ source, target }: GoldenServers): Promise<void> {
  for (const server of [target, source]) await dropSubscriptions(server)
  for (const server of [target, source]) await dropSlots(server)
  for (const server of [target, source]) {
    const admin = databaseOf(server, 'postgres')
    await sql(admin, 'alter system reset all')
    await sql(admin, 'select pg_reload_conf()')
    for (const { name } of await sql<{ name: string }>(
      admin,
      `select datname as name from pg_database where datname <> 'postgres' and not datistemplate order by 1`,
    )) {
      await sql(admin, `drop database ${quoteIdent(name)} with (force)`)
    }
    for (const { name } of await sql<{ name: string }>(
      admin,
      `select rolname as name from pg_roles where rolname <> current_user and rolname !~ '^pg_' order by 1`,
    )) {
      await sql(admin, `drop role ${quoteIdent(name)}`)
    }
  }
}

async function dropSubscriptions(server: EmbeddedServer): Promise<void> {
  const found = await sql<{ name: string; database: string }>(
    databaseOf(server, 'postgres'),
    `select s.subname as name, d.datname as database from pg_subscription as s join pg_database as d on d.oid = s.subdbid`,
  )
  for (const { name, database } of found) {
    const subscription = quoteIdent(name)
    const there = databaseOf(server, database)
    await sql(there, `alter subscription ${subscription} disable`)
    await sql(there, `alter subscription ${subscription} set (slot_name = none)`)
    await sql(there, `drop subscription ${subscription}`)
  }
}

/** A slot is active until its walsender has noticed that the subscriber went. */
async function dropSlots(server: EmbeddedServer): Promise<void> {
  const admin = databaseOf(server, 'postgres')
  for (;;) {
    const left = await sql<{ active: boolean }>(
      admin,
      `select s.active, case when not s.active then pg_drop_replication_slot(s.slot_name) end
       from pg_replication_slots as s`,
    )
    if (left.every((slot) => !slot.active)) return
    await sql(admin, 'select pg_sleep(0.1)')
  }
}
