import type { IndexedCatalog } from './indexed.js'

/**
 * A managed service and where it differs from plain Postgres. From the providers' documentation of 2026; belt's tests
 * imitate the roles only.
 */
export interface Provider {
  readonly title: string
  /** The role that stands in for a superuser there; the login a customer gets is a member. */
  readonly admin: string
  /** Where the REPLICATION attribute is the provider's alone: the role whose members may replicate instead. */
  readonly replicationRole?: string
  /** Whether members of the admin role may make event triggers. */
  readonly eventTriggers: boolean
  /** Logins of the service's own software. No customer can end their sessions or alter them, and they write no rows. */
  readonly service: readonly string[]
  /** What only the provider's own tools can set, in their words; ALTER SYSTEM is refused everywhere. */
  readonly settings: string
  /** How logical decoding is switched on. */
  readonly logical: string
}

const RDS: Provider = {
  title: 'Amazon RDS or Aurora',
  admin: 'rds_superuser',
  replicationRole: 'rds_replication',
  eventTriggers: true,
  service: ['rdsadmin', 'rdsproxyadmin', 'rdsrepladmin', 'rdstopmgr', 'rdswriteforwarduser'],
  settings: 'the parameter group',
  logical: 'Set rds.logical_replication = 1 in the parameter group and reboot.',
}

const CLOUD_SQL: Provider = {
  title: 'Cloud SQL',
  admin: 'cloudsqlsuperuser',
  eventTriggers: false,
  service: ['cloudsqladmin', 'cloudsqlagent', 'cloudsqlconnpooladmin', 'cloudsqlreplica'],
  settings: 'the flags of the instance',
  logical: 'Set the flag cloudsql.logical_decoding = on and restart the instance.',
}

const ALLOYDB: Provider = {
  title: 'AlloyDB',
  admin: 'alloydbsuperuser',
  eventTriggers: false,
  service: ['alloydbadmin', 'alloydbagent', 'alloydbreplica'],
  settings: 'the flags of the instance',
  logical: 'Set the flag alloydb.logical_decoding = on and restart the instance.',
}

const AZURE: Provider = {
  title: 'Azure Database for PostgreSQL',
  admin: 'azure_pg_admin',
  eventTriggers: false,
  service: ['azuresu', 'azure_superuser'],
  settings: 'the server parameters',
  logical: 'Set the server parameter wal_level to LOGICAL and restart the server.',
}

const BY_PREFIX: readonly (readonly [prefix: string, provider: Provider])[] = [
  ['rds.', RDS],
  ['aurora.', RDS],
  ['cloudsql.', CLOUD_SQL],
  ['alloydb.', ALLOYDB],
  ['azure.', AZURE],
]

/** The managed service a server belongs to, by its own settings or its admin role; undefined on plain Postgres. */
export function providerOf({ server, roleByName }: IndexedCatalog): Provider | undefined {
  const names = Object.keys(server.settings)
  const bySetting = BY_PREFIX.find(([prefix]) => names.some((name) => name.startsWith(prefix)))
  return bySetting?.[1] ?? [RDS, CLOUD_SQL, ALLOYDB, AZURE].find((p) => roleByName(p.admin) !== undefined)
}

/** Whether belt's login is what the provider gives instead of a superuser. */
export function isProviderAdmin(catalog: IndexedCatalog): boolean {
  const provider = providerOf(catalog)
  return provider !== undefined && catalog.me.memberOf.includes(provider.admin)
}

/** Logins of the service's own software on this server. */
export function serviceRoles(catalog: IndexedCatalog): readonly string[] {
  return (providerOf(catalog)?.service ?? []).filter((role) => catalog.roleByName(role) !== undefined)
}

/** How to change a setting of this server, as a sentence for a finding's fix. */
export function waysToSet(
  catalog: IndexedCatalog,
  setting: string,
  value: string,
  takesEffect: 'restart' | 'reload',
): string {
  const provider = providerOf(catalog)
  if (provider) {
    const then = takesEffect === 'restart' ? ', then restart the server' : ''
    return `Set ${setting} = ${value} in ${provider.settings}${then}.`
  }
  const then = takesEffect === 'restart' ? 'then restart the server.' : 'select pg_reload_conf();'
  return `alter system set ${setting} = ${value}; ${then}`
}

/** A superuser, or whom a provider lets make them. */
export function mayMakeEventTriggers(catalog: IndexedCatalog): boolean {
  return catalog.me.superuser || (isProviderAdmin(catalog) && providerOf(catalog)?.eventTriggers === true)
}
