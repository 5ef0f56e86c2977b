import { expect, test } from 'vitest'
import { readMayConnect } from '../../../src/inspect/may-connect.js'
import { sql, uniqueName } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { withSession } from '../inspect/connected.js'
import { testMigration } from './migration.js'

const CONNECT = `
  select pg_get_userbyid(x.grantor) || ' to ' || case x.grantee when 0 then 'public' else x.grantee::regrole::text end
    || case when x.is_grantable then ' grantable' else '' end as entry
  from pg_database as d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as x
  where d.datname = current_database() and x.privilege_type = 'CONNECT' order by 1`

test('the target is closed to its own owner and to whom others let in, and its undo puts back just that', async () => {
  const { source, target } = await pair(15, 17)
  const [owner, boss, app] = [uniqueName('owner'), uniqueName('boss'), uniqueName('app')]
  const { database } = target
  await sql(
    target,
    `create role ${owner} login; create role ${boss}; create role ${app} login;
     alter database ${database} owner to ${owner};
     grant connect on database ${database} to ${boss} with grant option;
     set role ${boss}; grant connect on database ${database} to ${app}`,
  )
  const entries = async (): Promise<readonly unknown[]> => (await sql(target, CONNECT)).map((r) => r['entry'])
  const strangers = (): Promise<readonly string[]> =>
    withSession(target, async (s) => (await readMayConnect(s, [])).filter((name) => [owner, boss, app].includes(name)))
  const before = await entries()
  expect(await strangers()).toEqual([app, owner].sort())
  const { plan } = await (await testMigration({ source, target })).plan()
  const action = (id: string): readonly string[] => plan.actions.find((a) => a.id === id)?.sql ?? []
  const fence = plan.actions.find((a) => a.id === 'fence.target')
  await sql(target, [...action('records.target'), 'begin', ...action('fence.target'), 'commit'].join(';\n'))
  expect(await strangers()).toEqual([])
  await sql(target, `begin; ${fence?.undo ?? ''}; commit`)
  expect(await entries()).toEqual(before)
  await sql(target, `alter database ${database} owner to current_user; drop owned by ${owner}, ${boss}, ${app} cascade`)
  await sql(target, `drop role ${owner}, ${boss}, ${app}`)
})
