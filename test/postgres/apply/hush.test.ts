import { expect, test } from 'vitest'
import { hush } from '../../../src/apply/hush.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { freshDatabase, sql, uniqueName } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { noSignal, settingsFor } from '../connect/settings.js'

const SHOWN = 'auto_explain.log_min_duration'
const COMMAND = `create subscription s connection 'password=x' publication p`
const QUERY = `select pglogical.create_subscription('s', 'password=x')`

test.each([13, 17] as const)(
  'a server of %i that logs the plans of all statements is silenced, or told of where belt may not',
  async (major) => {
    const database = await freshDatabase(await sharedServer(major), 'hushed')
    const poor = uniqueName('poor')
    await sql(database, `create role ${poor}`)
    const said = async (role: string | undefined, statement: string): Promise<readonly string[]> =>
      withConnection(settingsFor(database), noSignal(), async (session) => {
        await session.exec(`load 'auto_explain'`)
        await session.exec(`set ${SHOWN} = 0`)
        if (role !== undefined) await session.exec(`set session authorization ${role}`)
        const loud = await hush(session, [statement])
        const [now] = await session.query<{ value: string }>(`select pg_catalog.current_setting('${SHOWN}') as value`)
        expect(now?.value).toBe(role === undefined ? '-1' : '0')
        return loud
      })
    expect(await said(undefined, QUERY)).toEqual([])
    expect(await said(poor, QUERY)).toEqual([SHOWN])
    // A command is never explained.
    expect(await said(poor, COMMAND)).toEqual([])
  },
)
