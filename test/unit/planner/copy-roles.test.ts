import { expect, test } from 'vitest'
import { mayBeMember } from '../../../src/planner/rules/copy-roles.js'
import { MINIMAL } from '../spec/load-text.js'
import { member, role, script, SUPERUSER, table, tableObject } from './support/catalog.js'
import { contextOf, findingsOf, planOf } from './support/planned.js'

const SPEC = MINIMAL.replace('roles:', 'roles:\n  copy: [app]')

test('a copied role is a member of Postgres’ own roles as on the source', async () => {
  const { actions } = await planOf({
    spec: SPEC,
    source: { roles: [role('app', { memberOf: [member('pg_monitor')] })] },
  })
  expect(actions.find((a) => a.kind === 'grant-membership')?.sql).toEqual(['grant pg_monitor to app'])
})

test.each([
  [15, { createRole: true }, true],
  [15, { createRole: false }, false],
  [16, { createRole: true }, false],
])('on a %i an admin with %o may grant them: %s', async (major, rights, planned) => {
  const context = await contextOf({
    spec: SPEC,
    to: major,
    target: { me: { ...SUPERUSER, superuser: false, ...rights } },
  })
  expect(mayBeMember(context, 'pg_monitor')).toBe(planned)
})

test('a grant to one of Postgres’ own roles asks nobody to copy it', async () => {
  const found = await findingsOf({
    source: { tables: [table('orders')], ...script({ ...tableObject('orders'), roles: ['pg_monitor'] }) },
  })
  expect(found.filter((d) => d.code === 'role-missing')).toEqual([])
})
