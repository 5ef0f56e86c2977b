import { MINIMAL } from '../../../spec/load-text.js'
import { emptyCatalog, keyless, member, POOR, role, script, SUPERUSER, table, tableObject } from '../catalog.js'
import { ORDERS, type Trouble } from './trouble.js'

const SECURED = { tables: [table('orders', { rowSecurity: true })] }

export const ROLE_TROUBLES: readonly Trouble[] = [
  {
    situation: {
      source: { ...ORDERS, tables: [table('orders', { owner: 'Shop' })], me: { ...SUPERUSER, superuser: false } },
    },
    says: 'error owner-privilege (source): only the owner of a table can publish it, and postgres has not the rights of Shop',
    fix: 'grant "Shop" to postgres;',
  },
  {
    situation: { target: { me: POOR } },
    says: 'error create-privilege (target): poor "admin" may not create in database shop on the target',
    fix: 'grant create on database shop to "poor ""admin""";',
  },
  {
    situation: { target: { me: POOR } },
    says: 'error fence-privilege (target): only its owner can close database shop to applications, and poor "admin" has not the rights of postgres on the target',
    fix: 'alter database shop owner to "poor ""admin""";',
  },
  {
    situation: {
      source: ORDERS,
      target: { me: POOR, schemas: [{ name: 'public', owner: 'postgres', usage: [''], create: ['postgres'] }] },
    },
    says: 'error schema-privilege (target): poor "admin" may not create in schema public on the target',
    fix: 'grant create on schema public to "poor ""admin""";',
  },
  {
    situation: { target: { me: { ...POOR, mayReadOriginProgress: false } } },
    says: 'error origin-privilege (target): poor "admin" may not ask on the target how far replication has come',
    fix: 'grant execute on function pg_catalog.pg_replication_origin_progress(text, boolean) to "poor ""admin""";',
  },
  {
    situation: { source: { me: { ...POOR, mayAdvanceOrigin: false } } },
    says: 'error advance-privilege (source): poor "admin" may not set on the source where the way back begins',
    fix: 'grant execute on function pg_catalog.pg_replication_origin_advance(text, pg_lsn) to "poor ""admin"""',
  },
  {
    situation: {
      spec: MINIMAL.replace('stage: replicating', 'stage: cutover'),
      source: { me: { ...POOR, mayAdvanceOrigin: false } },
    },
    says: 'error advance-privilege (source)',
  },
  {
    situation: { target: { me: POOR } },
    says: 'error replication-privilege (target): poor "admin" has no REPLICATION on the target, which the slot of the way back needs',
    fix: 'reverse: { enabled: false }',
  },
  {
    situation: { source: { me: POOR, roles: [role('app'), role('belt_replication')] } },
    says: 'warning signal-privilege (source): poor "admin" may not end sessions of app on the source',
    fix: 'grant pg_signal_backend to "poor ""admin""";',
  },
  {
    situation: {
      spec: MINIMAL.replace('stage: replicating', 'stage: cutover'),
      source: { me: POOR, roles: [role('app')] },
    },
    says: 'error signal-privilege (source): poor "admin" may not end sessions of app on the source',
  },
  {
    situation: {
      spec: `${MINIMAL}keyless: { default: copy_at_cutover }\n`,
      source: { tables: [keyless('notes', { owner: 'Shop' })], me: POOR },
    },
    says: 'error owner-privilege (source): every table is locked and some are copied inside the pause, and poor "admin" has not the rights of Shop',
    fix: 'grant "Shop" to "poor ""admin""";',
  },
  {
    situation: {
      source: { database: { ...emptyCatalog('source', 15).database, owner: 'shop' } },
      target: { roles: [role('shop')], me: { ...POOR, memberOf: ['postgres'] } },
    },
    says: 'error open-privilege (target): as the target opens, its database is given to shop, which owns the source: poor "admin" needs CREATEDB and the rights of shop for it',
    fix: 'createdb; grant shop to',
  },
  {
    situation: { source: { me: { ...POOR, mayCreateInDatabase: true } } },
    says: 'error replication-privilege (source): poor "admin" has no REPLICATION on the source',
  },
  {
    situation: { source: { roles: [role('rds_superuser')], me: { ...POOR, mayCreateInDatabase: true } } },
    says: 'error replication-privilege (source): poor "admin" has no REPLICATION on the source',
    fix: 'grant rds_replication to "poor ""admin""";',
  },
  {
    situation: { source: { roles: [role('cloudsqlsuperuser')], me: { ...POOR, mayCreateInDatabase: true } } },
    says: 'error replication-privilege (source): poor "admin" has no REPLICATION on the source',
    fix: '(as cloudsqlsuperuser)',
  },
  {
    situation: { target: { roles: [role('azure_pg_admin')] }, targetSettings: { wal_level: 'replica' } },
    says: 'error wal-level (target): wal_level is replica',
    fix: 'Set the server parameter wal_level to LOGICAL and restart the server.',
  },
  {
    situation: { source: { roles: [role('rds_superuser')] }, sourceSettings: { max_wal_senders: '0' } },
    says: 'error wal-senders (source)',
    fix: 'in the parameter group, then restart the server.',
  },
  {
    situation: { target: { roles: [role('azure_pg_admin')], me: { ...SUPERUSER, memberOf: ['azure_pg_admin'] } } },
    says: 'info provider (target): the target is Azure Database for PostgreSQL; belt plans for its roles and settings as the provider documents them',
  },
  {
    situation: { sourceSettings: { 'rds.logical_replication': 'on' }, source: { me: POOR } },
    says: 'warning provider (source): the source is Amazon RDS or Aurora; belt plans for its roles and settings as the provider documents them, and poor "admin" is not a member of rds_superuser',
    fix: 'Use a login that is a member of rds_superuser as source.admin.',
  },
  {
    situation: { source: { me: { ...SUPERUSER, superuser: false } } },
    says: 'error role-privilege (source): postgres may not create role belt_replication on the source',
  },
  {
    situation: { source: { ...SECURED, me: { ...SUPERUSER, superuser: false } } },
    says: 'error bypassrls-privilege (source): tables in scope have row security, so the replication role needs BYPASSRLS, which postgres may not give',
  },
  {
    situation: { source: SECURED, target: { me: POOR } },
    says: 'error row-security (target): public.orders has row security, and poor "admin" on the target has neither BYPASSRLS nor superuser',
    fix: 'alter role "poor ""admin""" bypassrls;',
  },
  {
    situation: {
      source: { eventTriggers: [{ name: 'e', event: 'sql_drop', enabled: 'origin' }] },
      target: { me: { ...SUPERUSER, superuser: false } },
    },
    says: 'error event-trigger-privilege (target): the source has 1 event trigger, which only a superuser can make',
  },
  {
    situation: { source: { eventTriggers: [{ name: 'e', event: 'sql_drop', enabled: 'origin' }], me: POOR } },
    says: 'warning event-trigger-stays (source): poor "admin" may not disable the 1 event trigger of the source',
  },
  {
    situation: {
      source: { roles: [role('belt_replication', { replication: true })] },
      login: { source: 'wrong-password' },
    },
    says: 'error replication-password (source): role belt_replication exists on the source with another password',
  },
  {
    situation: { target: { roles: [role('belt_replication', { superuser: true })] }, login: { target: 'ok' } },
    says: 'warning replication-superuser (target): role belt_replication is a superuser on the target',
  },
  {
    situation: { source: { ...script(tableObject('a'), { ...tableObject('b'), roles: ['on', 'App "x"'] }) } },
    says: 'error role-missing (target): role App "x" owns or is granted 1 object in scope and does not exist on the target',
    fix: `roles.copy (with all that are missing: ['App "x"', 'on'])`,
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app', { createDb: true, settings: [{ name: 'work_mem', value: '8MB' }] })] },
      target: { roles: [role('app', { login: false, settings: [{ name: 'search_path', value: 'x' }] })] },
    },
    says: 'warning drift-role (target): role app is another one on the target than on the source',
    fix: "alter role app login createdb; alter role app set work_mem = '8MB'; alter role app reset search_path;",
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app')] },
      target: { roles: [role('app', { password: 'none' })] },
    },
    says: 'warning drift-role (target): role app is another one on the target than on the source',
    fix: '\\password app',
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app', { memberOf: [member('staff')] }), role('staff')] },
    },
    says: 'warning role-membership (target): app is a member of staff on the source and will not be on the target: the target has no such role',
    fix: 'Add staff to roles.copy, or make it on the target and run there: grant staff to app;',
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app', { memberOf: [member('pg_maintain')] })], predefinedRoles: ['pg_maintain'] },
    },
    says: 'warning role-membership (target): app is a member of pg_maintain on the source',
    fix: 'has no pg_maintain: grant app what it needs by other means.',
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app', { memberOf: [member('pg_monitor')] })] },
      target: { me: { ...SUPERUSER, superuser: false } },
    },
    says: 'warning role-membership (target): app is a member of pg_monitor on the source and will not be on the target: postgres may not grant it',
    fix: 'Let somebody who may run on the target, once app is there: grant pg_monitor to app;',
  },
  {
    situation: { source: ORDERS, target: { schemas: [{ name: 'public', owner: 'postgres', usage: ['postgres'] }] } },
    says: 'warning schema-usage (target): everybody may use schema public on the source and not on the target',
    fix: 'grant usage on schema public to public;',
  },
  {
    situation: { lines: ['cutover: { except_roles: [monitorin] }'], source: { roles: [role('monitoring')] } },
    says: 'error role-unknown: cutover.except_roles names monitorin, which exists on neither side; did you mean `monitoring`?',
  },
  {
    situation: { spec: MINIMAL.replace('roles:', '  preview_roles: [viewer]\nroles:') },
    says: 'error role-unknown: target.preview_roles names viewer, which exists on neither side',
  },
  {
    situation: { spec: MINIMAL.replace('roles:', 'roles:\n  copy: [ghost]') },
    says: 'error role-unknown (source): roles.copy names ghost, which does not exist on the source',
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [root]'),
      source: { roles: [role('root', { superuser: true })] },
      target: { me: { ...SUPERUSER, superuser: false } },
    },
    says: 'error role-superuser (target): root is a superuser on the source, and postgres may not make one on the target',
  },
  {
    situation: {
      spec: MINIMAL.replace('roles:', 'roles:\n  copy: [app]'),
      source: { roles: [role('app', { password: 'unreadable' })] },
    },
    says: 'warning role-password (source): the password of app cannot be read on the source',
    fix: '\\password app',
  },
]
