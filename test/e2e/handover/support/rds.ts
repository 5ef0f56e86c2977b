import { databaseOf, sql, uniqueName, type TestDatabase } from '../../../support/databases.js'

/**
 * Roles as Amazon RDS has them, on plain Postgres from 16 on: its admin is no superuser, and a superuser of its own looks on.
 * Plain Postgres wants the REPLICATION attribute of whoever replicates, where RDS wants the membership: so the
 * replication role has it beforehand.
 */
export async function ownedByAdmin(database: TestDatabase, replication: string): Promise<TestDatabase> {
  const all = databaseOf(database.server, 'postgres')
  const password = uniqueName('master-secret')
  await sql(
    all,
    `create role rds_superuser createrole;
     create role rds_replication;
     create role rdsadmin superuser login password 'x';
     create role master login createrole createdb replication password '${password}' in role rds_superuser, rds_replication;
     grant rds_replication to master with admin option;
     create role ${replication} login replication password 'secret-of-replication';
     grant ${replication} to master with admin option;
     grant pg_create_subscription, pg_read_all_data, pg_monitor, pg_signal_backend to rds_superuser;
     grant set on parameter session_replication_role to rds_superuser;
     alter database "${database.database}" owner to master`,
  )
  await sql(
    database,
    `grant execute on function pg_catalog.pg_replication_origin_progress(text, boolean) to rds_superuser;
     grant execute on function pg_catalog.pg_replication_origin_advance(text, pg_lsn) to rds_superuser;
     alter schema public owner to master`,
  )
  return { ...database, user: 'master', password }
}
