import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase, uniqueName, withClient } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { rowsOf } from '../breadth/support/rows.js'
import { migration } from './support/migration.js'
import { ownedByAdmin } from './support/rds.js'
import { trade, makeShop, as } from './support/shop.js'

test('an admin as RDS gives one moves a database there and back', async () => {
  const servers = await Promise.all([ownServer({ major: 16 }), ownServer({ major: 17 })])
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()))
  })
  const [from, to] = await Promise.all(servers.map((server) => freshDatabase(server, 'rds')))
  if (from === undefined || to === undefined) throw new Error('two databases were asked for')
  const replication = { name: uniqueName('repl'), password: 'secret-of-replication' }
  const [source, target] = await Promise.all([from, to].map((database) => ownedByAdmin(database, replication.name)))
  if (source === undefined || target === undefined) throw new Error('two databases were asked for')
  const shop = await makeShop(source)
  const life = await migration({ source, target }, { replication, copyRoles: [shop.app.name, shop.granted.name] })
  await withClient({ ...from, user: 'rdsadmin', password: 'x' }, async (watching) => {
    await life.reach('replicating')
    await trade(as(from, shop.app), 1)
    await life.reach('cutover')
    await trade(as(to, shop.app), 2)
    await life.reach('rolled-back')
    expect(await rowsOf(source)).toEqual(await rowsOf(target))
    expect((await watching.query('select 1 as alive')).rows).toEqual([{ alive: 1 }])
  })
})
