import { onTestFinished } from 'vitest'
import { withClient, type TestDatabase } from './databases.js'

/**
 * When the test has finished its subscriptions and slots go. A shared server has only so many of them, and each slot
 * left behind would decode whatever other tests write.
 */
export function endReplicationAfterwards(...databases: readonly TestDatabase[]): void {
  onTestFinished(async () => {
    // A server of the test's own may have been stopped, or killed, already.
    for (const database of databases) await withClient(database, dropSubscriptions).catch(() => undefined)
    for (const database of databases) await withClient(database, dropSlots).catch(() => undefined)
  })
}

type Client = Parameters<Parameters<typeof withClient>[1]>[0]

async function dropSubscriptions(client: Client): Promise<void> {
  await client.query(`set statement_timeout = '30s'; set default_transaction_read_only = off`)
  await client.query(`
    do $$ declare s name; begin
      for s in select subname from pg_catalog.pg_subscription
        where subdbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
      loop
        execute pg_catalog.format('alter subscription %I disable', s);
        execute pg_catalog.format('alter subscription %I set (slot_name = none)', s);
        execute pg_catalog.format('drop subscription %I', s);
      end loop;
    end $$`)
}

/** A slot is let go a moment after the process that used it was told to end. */
async function dropSlots(client: Client): Promise<void> {
  await client.query(`set statement_timeout = '30s'; set default_transaction_read_only = off`)
  for (let tries = 0; tries < 100; tries += 1) {
    const { rows } = await client.query<{ active: boolean }>(
      `select case when active then pg_catalog.pg_terminate_backend(active_pid)
         else pg_catalog.pg_drop_replication_slot(slot_name) is null end as ended, active
       from pg_catalog.pg_replication_slots where database = pg_catalog.current_database()`,
    )
    if (!rows.some((slot) => slot.active)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
