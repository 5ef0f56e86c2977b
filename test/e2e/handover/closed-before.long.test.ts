import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'
import { as, letsIn, makeShop, trade } from './support/shop.js'

test('a target that nobody could connect to before belt came is opened at cutover, and a killed one is half-way', async () => {
  const { source, target } = await ownPair('closed')
  const shop = await makeShop(source)
  await sql(target, `revoke connect, temporary on database ${target.database} from public`)
  const life = await migration({ source, target }, { copyRoles: [shop.app.name, shop.granted.name] })
  await life.reach('replicating')
  await life.ask('cutover')
  const { actions } = await life.plan()
  expect(actions.map((a) => a.id)).toContain('open.target')
  const killed = await life.killedAt('after-sql:no-return.target', 'apply', 'plan.json')
  expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  expect((await life.belt('drift')).stdout).toContain('drift-handover-half-way')
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
  await trade(as(target, shop.app), 2)

  await life.reach('rolled-back')
  expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([true, false])
  await life.reach('replicating')
  await life.reach('cutover')
  expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
})
