import { describe, expect, onTestFinished, test } from 'vitest'
import { quoteIdent } from '../../../src/core/quote.js'
import { readCopyProgress } from '../../../src/inspect/copy-progress.js'
import { readIndexProgress } from '../../../src/inspect/index-progress.js'
import { readLag } from '../../../src/inspect/lag.js'
import { freshDatabase, sql, uniqueName, withClient, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { inspect, named, without, withSession } from './connected.js'
import { dropRich, makeRich, poorLogin, richNames, type RichNames } from './rich-database.js'

async function rich(major: 12 | 13 | 15 | 17 | 18): Promise<{ db: TestDatabase; names: RichNames }> {
  const names = richNames()
  const db = await freshDatabase(await sharedServer(major), 'poor')
  await makeRich(db, names)
  onTestFinished(() => dropRich(db, names))
  return { db, names }
}

describe.each([12, 13, 15, 17, 18] as const)('on a server of major %i', (major) => {
  test('an administrator without superuser sees the same structure, and what is hidden is said to be', async () => {
    const { db, names } = await rich(major)
    const all = await inspect(db)
    const seen = await inspect(poorLogin(db, names))
    const same = ['tables', 'indexes', 'constraints', 'sequences', 'triggers', 'eventTriggers', 'publications'] as const
    for (const list of same) expect(without(seen[list], 'volatile')).toEqual(without(all[list], 'volatile'))
    expect(seen).toMatchObject({ schemas: all.schemas, extensions: all.extensions })
    expect(named(seen.sequences, 'called').volatile.lastValue).toBeUndefined()
    expect(seen.server.systemIdentifier).toBe(all.server.systemIdentifier)
    expect(seen.server.settings).not.toHaveProperty('shared_preload_libraries')
    const { siblings, volatile } = seen.database
    expect(seen.database).toEqual({ ...all.database, siblings, volatile })
    for (const name of [names.owner, names.group, names.clear]) {
      expect(named(seen.roles, name)).toEqual({ ...named(all.roles, name), password: 'unreadable' })
    }
    expect(seen.me).toEqual({
      name: names.poor,
      superuser: false,
      replication: false,
      createRole: true,
      bypassRls: false,
      memberOf: [],
      maySetRole: [],
      mayCreateInDatabase: false,
      mayCreateSubscription: false,
      maySilenceTriggers: false,
      mayReadOriginProgress: false,
      mayAdvanceOrigin: false,
      mayReadPasswords: false,
    })
    expect(all.subscriptions).toHaveLength(1)
    expect(seen.subscriptions).toEqual(all.subscriptions.map(({ connection: _, ...rest }) => rest))
    expect(named(seen.slots, names.slot)).toMatchObject({ plugin: 'pgoutput', database: db.database })
    expect(named(seen.origins, names.origin).volatile).toEqual({ remoteLsn: undefined, localLsn: undefined })
    expect(seen).toMatchObject({ records: undefined, recordsUnreadable: true, beltTables: all.beltTables })
    expect(seen.largeObjects).toBe(3)
  })

  test('rights that were granted are used', async () => {
    const { db, names } = await rich(major)
    const boss = uniqueName('inspect_boss')
    await sql(
      db,
      `grant select on pg_catalog.pg_authid to ${names.poor};
       create role ${boss}; create role ${boss}_closed;
       grant ${boss} to ${names.poor};
       ${major >= 16 ? `grant ${boss}_closed to ${names.poor} with inherit false, set false;` : ''}
       grant pg_read_all_settings to ${boss};
       grant execute on function pg_catalog.pg_replication_origin_advance(text, pg_lsn) to ${boss};
       grant usage on schema belt to ${names.poor};
       grant select on belt.record to ${boss};
       grant create on database ${quoteIdent(db.database)} to ${names.poor};
       ${major >= 15 ? `grant set on parameter session_replication_role to ${boss};` : ''}
       ${major >= 16 ? `grant pg_create_subscription to ${names.poor};` : ''}`,
    )
    onTestFinished(async () => {
      await sql(db, `revoke select on pg_catalog.pg_authid from ${names.poor}`)
    })
    const seen = await inspect(poorLogin(db, names))
    expect(named(seen.roles, names.owner).password).toBe('scram')
    expect(seen.server.settings).toHaveProperty('shared_preload_libraries')
    expect(seen.records).toHaveLength(2)
    expect(seen).not.toHaveProperty('recordsUnreadable')
    expect(seen.me).toMatchObject({
      memberOf: [boss, ...(major >= 16 ? ['pg_create_subscription'] : []), 'pg_read_all_settings'],
      maySetRole: [boss, ...(major >= 16 ? ['pg_create_subscription'] : []), 'pg_read_all_settings'],
      mayCreateInDatabase: true,
      mayCreateSubscription: major >= 16,
      maySilenceTriggers: major >= 15,
      mayAdvanceOrigin: major >= 14,
      mayReadPasswords: true,
    })
  })

  test('progress can be read without special rights', async () => {
    const { db, names } = await rich(major)
    const { lag, copy, indexes } = await withSession(poorLogin(db, names), async (session) => ({
      lag: await readLag(session, names.slot),
      copy: await readCopyProgress(session, 'quiet'),
      indexes: await readIndexProgress(session),
    }))
    expect(lag).toMatchObject({ active: false })
    expect({ copy, indexes }).toEqual({ copy: [], indexes: [] })
  })
})

test('revoked functions and a table somebody holds exclusively neither stop nor delay an inspection', async () => {
  const { db, names } = await rich(15)
  const revoked = ['pg_catalog.pg_control_system()', 'pg_catalog.pg_control_checkpoint()']
  for (const name of revoked) await sql(db, `revoke execute on function ${name} from public`)
  onTestFinished(async () => {
    for (const name of revoked) await sql(db, `grant execute on function ${name} to public`)
  })
  await sql(db, 'analyze app.keyless')
  await withClient(db, async (client) => {
    await client.query('begin')
    await client.query('lock table app.keyless in access exclusive mode')
    await client.query('alter sequence app.called cache 5')
    const seen = await inspect(poorLogin(db, names))
    expect(seen.server).toMatchObject({ systemIdentifier: 'unreadable', timeline: 1 })
    // Told from pg_class.relpages, without the free space map that pg_table_size would count too.
    expect(named(seen.tables, 'keyless').volatile).toMatchObject({ bytes: 8192, rows: 2 })
    const all = await inspect(db)
    expect(named(all.sequences, 'called').volatile.lastValue).toBeUndefined()
    expect(named(all.sequences, 'orders_n_seq').volatile.lastValue).toBeUndefined()
    await client.query('rollback')
  })
  expect(named((await inspect(db)).sequences, 'called').volatile.lastValue).toBe('41')
})

test('members of a provider’s administrator role may create subscriptions before 16', async () => {
  const db = await freshDatabase(await sharedServer(14))
  const login = { ...db, user: uniqueName('inspect_rds'), password: 'p' }
  await sql(db, `create role rds_superuser; create role ${login.user} login password 'p' in role rds_superuser`)
  onTestFinished(async () => {
    await sql(db, 'drop role rds_superuser')
  })
  expect((await inspect(login)).me).toMatchObject({ mayCreateSubscription: true, superuser: false })
})
