import { quoteIdent, quoteLiteral } from '../../src/core/quote.js'
import { sql, uniqueName, type TestDatabase } from './databases.js'

/** The role that pgbelt makes on both servers, a superuser of the same password there. */
export interface PgbeltRole {
  readonly name: 'pglogical'
  readonly password: string
}

interface Sides {
  readonly source: TestDatabase
  readonly target: TestDatabase
}

/**
 * What `pgbelt setup` (0.20.2) leaves of pglogical on both servers, for the tables of public with a primary key. The
 * schema stands on both already.
 */
export async function pgbeltSetup({ source, target }: Sides): Promise<PgbeltRole> {
  const role: PgbeltRole = { name: 'pglogical', password: uniqueName('exchange') }
  for (const side of [source, target]) {
    await sql(
      side,
      `create role pglogical login encrypted password ${quoteLiteral(role.password)};
       alter user pglogical with superuser;
       create extension pglogical;
       grant usage on schema pglogical to ${quoteIdent(side.user)};
       grant all on all tables in schema public to pglogical;
       grant all on all sequences in schema public to pglogical`,
    )
  }
  await node(source, 'pg1', role)
  await replicationSet(source)
  await node(target, 'pg2', role)
  await subscription(target, 'pg1_pg2', source, role)
  return role
}

/** `pgbelt setup-back-replication`, which is run before the cutover too. */
export async function pgbeltBack({ source, target }: Sides, role: PgbeltRole): Promise<void> {
  await replicationSet(target)
  await subscription(source, 'pg2_pg1', target, role)
}

/** When pgbelt's status says `replicating`, and each table's copy is done. */
export async function pgbeltReplicates(subscriber: TestDatabase): Promise<boolean> {
  const [row] = await sql<{ done: boolean }>(
    subscriber,
    `select coalesce(bool_and(t.sync_status = 'r'), false) and exists (
       select from pg_replication_origin as o join pglogical.subscription as s on o.roname = s.sub_slot_name) as done
     from pglogical.local_sync_status as t`,
  )
  return row?.done === true
}

async function node(side: TestDatabase, name: string, role: PgbeltRole): Promise<void> {
  await sql(side, `select pglogical.create_node(node_name := '${name}', dsn := ${quoteLiteral(dsn(side, role))})`)
}

async function replicationSet(side: TestDatabase): Promise<void> {
  await sql(side, `select pglogical.create_replication_set('pgbelt')`)
  await sql(
    side,
    `select pglogical.replication_set_add_table('pgbelt', i.indrelid::regclass)
     from pg_index as i join pg_class as c on c.oid = i.indrelid
     where i.indisprimary and c.relnamespace = 'public'::regnamespace`,
  )
}

async function subscription(
  side: TestDatabase,
  name: 'pg1_pg2' | 'pg2_pg1',
  provider: TestDatabase,
  role: PgbeltRole,
): Promise<void> {
  await sql(
    side,
    `select pglogical.create_subscription(subscription_name := '${name}', replication_sets := '{pgbelt}',
       provider_dsn := ${quoteLiteral(dsn(provider, role))}, synchronize_structure := false,
       synchronize_data := ${String(name === 'pg1_pg2')}, forward_origins := '{}')`,
  )
}

function dsn({ host, port, database }: TestDatabase, { name, password }: PgbeltRole): string {
  return `hostaddr=${host} port=${String(port)} dbname=${database} user=${name} password=${password}`
}
