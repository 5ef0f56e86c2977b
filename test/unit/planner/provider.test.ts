import { expect, test } from 'vitest'
import type { Me } from '../../../src/catalog/roles.js'
import { indexCatalog } from '../../../src/catalog/indexed.js'
import { fenceBefore } from '../../../src/migration/fence-sql.js'
import { emptyCatalog, POOR, role, SUPERUSER, table, script, tableObject } from './support/catalog.js'
import { MINIMAL } from '../spec/load-text.js'
import { findingsOf, planOf } from './support/planned.js'

const RDS_ADMIN: Me = {
  ...POOR,
  name: 'master',
  createRole: true,
  memberOf: ['rds_replication', 'rds_superuser', 'shop_owner'],
  mayCreateInDatabase: true,
  mayCreateSubscription: true,
  maySilenceTriggers: true,
}
const RDS_ROLES = ['rds_superuser', 'rds_replication', 'rdsadmin', 'rdsrepladmin', 'master', 'shop_owner'].map((name) =>
  role(name, name === 'rdsadmin' ? { superuser: true } : {}),
)
const ON_RDS = {
  me: RDS_ADMIN,
  roles: RDS_ROLES,
  tables: [table('orders', { owner: 'shop_owner' })],
  ...script(tableObject('orders')),
}

test('on RDS the replication role gets membership where the attribute is the provider’s alone', async () => {
  const plan = await planOf({ source: ON_RDS, target: { roles: [role('shop_owner'), role('postgres')] } })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  const [made] = plan.actions.filter((a) => a.kind === 'set-replication-role' && a.side === 'source')
  expect(made?.sql.join('\n')).toContain('grant rds_replication to belt_replication')
  expect(made?.sql[0]).toMatch(/^create role belt_replication with login password/)
  const [other] = plan.actions.filter((a) => a.kind === 'set-replication-role' && a.side === 'target')
  expect(other?.sql[0]).toMatch(/^create role belt_replication with login replication password/)
})

test('a provider’s admin lacking it makes roles with REPLICATION before 16 too, and nobody else does', async () => {
  const admin: Me = { ...SUPERUSER, name: 'master', superuser: false, memberOf: ['cloudsqlsuperuser', 'postgres'] }
  const codes = async (roles: readonly string[]): Promise<readonly string[]> =>
    (await planOf({ source: { me: admin, roles: roles.map((name) => role(name)) } })).diagnostics.map((d) => d.code)
  expect(await codes(['master', 'cloudsqlsuperuser'])).not.toContain('role-privilege')
  expect(await codes(['master'])).toContain('role-privilege')
})

test('a fence leaves the logins of the service’s own software alone', async () => {
  const sessionsByRole = [
    { role: 'rdsadmin', sessions: 1 },
    { role: 'boss', sessions: 1 },
  ]
  const activity = { openTransactions: [], preparedTransactions: [], sessionsByRole }
  const source = { ...ON_RDS, activity, roles: [...RDS_ROLES, role('boss', { superuser: true })] }
  const spec = MINIMAL.replace('stage: replicating', 'stage: cutover')
  const holes = (await findingsOf({ spec, source })).filter((d) => d.code === 'fence-hole')
  expect(holes.map((d) => d.subject)).toEqual(['role boss'])
  const { logins } = fenceBefore(indexCatalog({ ...emptyCatalog('source', 15), ...source }), 'revoke_login', ['master'])
  expect(logins).toEqual(['rds_superuser', 'rds_replication', 'shop_owner'])
})
