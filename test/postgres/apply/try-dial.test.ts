import { expect, onTestFinished, test } from 'vitest'
import type { TryDial } from '../../../src/actions/try-dial.js'
import { sql, uniqueName, withClient } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { testMigration } from './migration.js'

test.each([
  [13, 18],
  [17, 12],
] as const)(
  'from %i the way back to it from %i is dialled, refused while it cannot be had, and leaves nothing',
  async (from, to) => {
    const { source, target } = await pair(from, to)
    const made = await testMigration({ source, target }, { reverse: true })
    const { plan } = await made.plan()
    const dial = plan.actions.find((a): a is TryDial => a.kind === 'try-dial')
    expect(dial).toMatchObject({ side: 'source', operation: 'gate' })
    const role = made.spec.roles.replication.name
    const password = uniqueName('dialled')
    const statements = (dial?.sql ?? []).map((s) => s.replaceAll('${secret:roles.replication.password}', password))
    const run = (): Promise<void> =>
      withClient(source, async (client) => {
        for (const statement of ['begin', ...statements, 'commit']) await client.query(statement)
      })
    await expect(run()).rejects.toThrow(/could not connect to the publisher|connection to server/)
    await sql(target, `create role ${role} login replication password '${password}'`)
    onTestFinished(async () => {
      await sql(target, `drop role ${role}`)
    })
    await run()
    expect(await sql(source, `select from pg_subscription where subname like 'belt_dial_%'`)).toEqual([])
    expect(await sql(target, 'select from pg_replication_slots where database = current_database()')).toEqual([])
  },
)
