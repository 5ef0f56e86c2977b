import { describe, expect, test } from 'vitest'
import { probeAction } from '../../../src/actions/action.js'
import type { AclItem } from '../../../src/catalog/acl.js'
import type { Catalog } from '../../../src/catalog/catalog.js'
import type { Membership } from '../../../src/catalog/roles.js'
import { MINIMAL } from '../spec/load-text.js'
import { openAction } from '../../../src/planner/handover/open.js'
import { handoverTo } from '../../../src/migration/direction.js'
import { planFenceTarget } from '../../../src/planner/rules/fence-target.js'
import { isTargetClosed } from '../../../src/planner/rules/target-closed.js'
import { emptyCatalog, POOR, role } from './support/catalog.js'
import { contextOf, findingsOf } from './support/planned.js'
import { record } from './support/troubles/restart.js'

const ROLES = [role('postgres', { superuser: true }), role('belt_replication'), role('app'), role('boss')]
const MINE = [connect('postgres'), connect('belt_replication')]

function connect(grantee: string, more: Partial<AclItem> = {}): AclItem {
  return { grantor: 'app', grantee, privilege: 'CONNECT', grantable: false, ...more }
}

function memberOf(name: string): { readonly memberOf: readonly Membership[] } {
  return { memberOf: [{ role: name, grantor: 'postgres', admin: false, inherit: true, set: true }] }
}

/** Owned by the role the application logs in as. */
function ownedByApp(acl: Catalog['database']['acl'], roles = ROLES): Partial<Catalog> {
  return { roles, database: { ...emptyCatalog('target', 17).database, owner: 'app', acl } }
}

describe('the fence of the target', () => {
  test('takes CONNECT from the owner of the database too', async () => {
    const { actions } = planFenceTarget(await contextOf({ target: ownedByApp(null) }))
    expect(actions[0]?.sql.slice(1)).toEqual([
      'grant connect on database shop to belt_replication, postgres',
      'revoke connect on database shop from app, public',
    ])
    expect(actions[0]?.undo).toContain('grant connect on database shop to app')
  })

  test('stands only where the owner has no CONNECT either', async () => {
    for (const [acl, closed] of [
      [[...MINE, connect('app')], false],
      [MINE, true],
    ] as const) {
      const context = await contextOf({ target: ownedByApp(acl) })
      expect(isTargetClosed(context)).toBe(closed)
      const [action] = planFenceTarget(context).actions
      expect(action && probeAction(action, { ...context, marks: new Set() })).toBe(closed ? 'done' : 'absent')
    }
  })

  test('takes what others granted as they did, in the reverse order', async () => {
    const acl = [...MINE, connect('boss', { grantable: true }), connect('clerk', { grantor: 'boss' })]
    const { actions } = planFenceTarget(await contextOf({ target: ownedByApp(acl) }))
    expect(actions[0]?.sql.slice(2)).toEqual([
      'set local role boss',
      'revoke connect on database shop from clerk',
      'reset role',
      'revoke connect on database shop from boss',
    ])
  })

  test('does not stand while a login inherits what a role keeps', async () => {
    const roles = [...ROLES, role('heir', memberOf('belt_replication')), role('rds_superuser'), role('rdsadmin')]
    const context = await contextOf({ target: ownedByApp(MINE, roles) })
    expect(isTargetClosed(context)).toBe(false)
    const [action] = planFenceTarget(context).actions
    expect(action && probeAction(action, { ...context, marks: new Set() })).toBe('absent')
  })

  test('gives its owner back, when the target opens, what the owner had', async () => {
    for (const [was, given] of [
      [null, true],
      [[connect('app')], true],
      [[connect('')], false],
    ] as const) {
      const fenced = { ...record('fence.target'), object: 'database acl', before: was }
      const context = await contextOf({
        target: { ...ownedByApp(MINE), records: [fenced] },
        source: { database: { ...emptyCatalog('source', 15).database, acl: [connect('belt_replication')] } },
      })
      const sql = openAction(context, handoverTo('target', context.names), []).sql
      expect(sql.includes('grant connect on database shop to app')).toBe(given)
    }
  })

  test('is refused while a membership would let a login through, one that is copied too', async () => {
    const says = (name: string): RegExp => new RegExp(`^role ${name} may log in and has the rights of belt_replication`)
    const target = ownedByApp(null, [...ROLES, role('heir', memberOf('belt_replication'))])
    const source = { roles: [...ROLES, role('late', memberOf('belt_replication'))] }
    const found = await findingsOf({
      target,
      source,
      spec: `${MINIMAL}  copy: [late]\n`,
    })
    const holes = found.filter((d) => d.code === 'fence-hole')
    expect(holes.map((d) => d.message)).toEqual([
      expect.stringMatching(says('heir')),
      expect.stringMatching(says('late')),
    ])
  })

  test('is refused where belt may not act as who granted CONNECT', async () => {
    const acl = [connect('boss', { grantable: true }), connect('clerk', { grantor: 'boss' })]
    const me = { ...POOR, memberOf: ['app'], maySetRole: ['app'] }
    const found = await findingsOf({ target: { ...ownedByApp(acl), me } })
    expect(found.filter((d) => d.code === 'fence-privilege').map((d) => d.message)).toEqual([
      'boss granted CONNECT on database shop, which only it can take back, and poor "admin" may not act as it on the target',
    ])
  })
})
