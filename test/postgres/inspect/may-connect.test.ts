import { expect, test } from 'vitest'
import { readMayConnect } from '../../../src/inspect/may-connect.js'
import { readShape } from '../../../src/inspect/shape.js'
import { sql, uniqueName } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { withSession } from './connected.js'

test('whoever could still connect is found on 12 and 18, connected or not, through a membership too', async () => {
  const { source, target } = await pair(12, 18)
  for (const db of [source, target]) {
    const word = uniqueName('come')
    const role = (name: string): string => `${word}_${name}`
    const list = (...names: readonly string[]): string => names.map(role).join(', ')
    await sql(
      db,
      `create role ${role('lead')}; create role ${role('granted')} login; create role ${role('let_in')} login;
       create role ${role('heir')} login in role ${role('lead')};
       create role ${role('stranger')} login noinherit in role ${role('lead')};
       create role ${role('nobody')} login; create role ${role('barred')} login connection limit 0;
       create role ${role('asleep')} nologin; create role ${role('boss')} login superuser;
       revoke connect on database ${db.database} from public;
       grant connect on database ${db.database} to ${list('lead', 'granted', 'let_in', 'barred', 'asleep')}`,
    )
    const mine = (names: readonly string[]): readonly string[] => names.filter((name) => name.startsWith(word))
    await withSession(db, async (session) => {
      expect(mine(await readMayConnect(session, [role('let_in')]))).toEqual([role('granted'), role('heir')])
      const before = await readShape(session)
      await sql(db, 'create sequence late')
      expect(await readShape(session)).not.toBe(before)
    })
    await sql(db, `grant connect on database ${db.database} to public`)
    const everybody = await withSession(db, (session) => readMayConnect(session, []))
    expect(mine(everybody)).toEqual(['granted', 'heir', 'let_in', 'nobody', 'stranger'].map(role))
    const all = list('lead', 'granted', 'let_in', 'heir', 'stranger', 'nobody', 'barred', 'asleep', 'boss')
    await sql(db, `drop owned by ${all}; drop role ${all}`)
  }
})
