import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { fenceId } from '../../../src/migration/fence-record.js'
import { fenceSql, type FenceBefore } from '../../../src/migration/fence-sql.js'
import { recordSql, recordTables } from '../../../src/migration/record-sql.js'
import { holdingFence } from '../../../src/apply/take-back.js'
import { fenceNow } from '../../../src/apply/fence-now.js'
import { noReturnSql, whateverTheTime } from '../../../src/migration/no-return-sql.js'
import { withConnection } from '../../../src/postgres/connect.js'
import type { Session } from '../../../src/postgres/session.js'
import { freshDatabase, sql, uniqueName, withClient, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { settingsFor } from '../connect/settings.js'

const LINEAGE = 'lineage-1'

/** A source that a handover has closed; the plan in hand knows nothing of the role that the fence took CONNECT from. */
async function fenced(): Promise<{ readonly database: TestDatabase; readonly role: string; readonly fence: Action }> {
  const database = await freshDatabase(await sharedServer(15))
  const role = uniqueName('late')
  await sql(database, `create role ${role} login`)
  await sql(database, `grant connect on database ${database.database} to ${role}`)
  const acl = [{ grantee: role, grantor: database.user, privilege: 'CONNECT', grantable: false }]
  const before: FenceBefore = {
    method: 'revoke_connect',
    acl,
    owner: database.user,
    logins: [],
    admitted: [],
    readOnly: null,
  }
  const { close } = fenceSql(database.database, before)
  const id = fenceId('source')
  for (const text of [...recordTables('marker'), recordSql(LINEAGE, id, 'fence', before), ...close]) {
    await sql(database, text)
  }
  const fence = { id, side: 'source', transaction: 'one', abort: ['select 1'] } as unknown as Action
  return { database, role, fence }
}

const session = <Result>(database: TestDatabase, use: (session: Session) => Promise<Result>): Promise<Result> =>
  withConnection(settingsFor(database), new AbortController().signal, use)

test('the point of no return cannot be passed when the fence is gone', async () => {
  const { database } = await fenced()
  await sql(database, `delete from belt.record where action = 'fence.source'`)
  await expect(sql(database, noReturnSql(LINEAGE, 'source', 60_000).join('; '))).rejects.toThrow(
    'the source is open again: its fence was taken away',
  )
  expect(await sql(database, `select from belt.record where action = 'open.target'`)).toEqual([])
})

test('the point of no return cannot be passed once the pause is spent by the clock of the server', async () => {
  const { database } = await fenced()
  await sql(database, `update belt.record set at = now() - interval '61 seconds' where action = 'fence.source'`)
  const statements = noReturnSql(LINEAGE, 'source', 60_000)
  await expect(sql(database, statements.join('; '))).rejects.toThrow('cutover.max_pause (60 s) is spent')
  expect(await sql(database, `select from belt.record where action = 'open.target'`)).toEqual([])
  // A server that comes back after the other side was opened alone is told of it all the same.
  await sql(database, whateverTheTime(statements).join('; '))
  expect(await sql(database, `select from belt.record where action = 'open.target'`)).toHaveLength(1)
})

test('a give-up waits for a run that is passing the point of no return, and then takes nothing back', async () => {
  const { database, fence } = await fenced()
  await withClient(database, async (other) => {
    await other.query('begin')
    for (const text of noReturnSql(LINEAGE, 'source', 60_000)) await other.query(text)
    await session(database, async (holder) => {
      const about = { lineage: LINEAGE, database: database.database, lockMs: 100_000 }
      const held = holdingFence(holder, fence, about, ({ now }) => Promise.resolve(now))
      const waits = `select from pg_locks where not granted and pid = $1`
      await expect.poll(() => sql(database, waits, [holder.pid]), { timeout: 100_000, interval: 20 }).toHaveLength(1)
      await other.query('commit')
      expect(await held).toEqual({ kind: 'committed' })
    })
  })
})

test('a fence that is given up falls as its own record says, and nobody passes the point of no return meanwhile', async () => {
  const { database, role, fence } = await fenced()
  await session(database, (holder) =>
    holdingFence(holder, fence, { lineage: LINEAGE, database: database.database }, async ({ now, takeDown }) => {
      expect(now.kind).toBe('closed')
      await expect(
        sql(database, `set lock_timeout = '100ms'; ${noReturnSql(LINEAGE, 'source', 60_000).join('; ')}`),
      ).rejects.toMatchObject({ code: '55P03' })
      await takeDown()
    }),
  )
  const [may] = await sql<{ may: boolean }>(
    database,
    `select has_database_privilege($1, current_database(), 'connect') as may`,
    [role],
  )
  expect(may).toEqual({ may: true })
  expect(await session(database, (s) => fenceNow(s, LINEAGE, 'source'))).toEqual({ kind: 'open' })
})

test('a grantor that was dropped behind the fence keeps nobody else out, and nothing is granted in its stead', async () => {
  const { database, role, fence } = await fenced()
  const [lender, friend] = [uniqueName('lender'), uniqueName('friend')]
  for (const name of [lender, friend]) await sql(database, `create role ${name} login`)
  const acl = [
    { grantee: lender, grantor: database.user, privilege: 'CONNECT', grantable: true },
    { grantee: friend, grantor: lender, privilege: 'CONNECT', grantable: false },
    { grantee: role, grantor: database.user, privilege: 'CONNECT', grantable: false },
  ]
  await sql(
    database,
    `update belt.record set before = jsonb_set(before, '{acl}', $1::jsonb) where action = 'fence.source'`,
    [JSON.stringify(acl)],
  )
  await sql(database, `drop role ${lender}`)
  await sql(database, `revoke connect on database ${database.database} from public`)
  await session(database, (holder) =>
    holdingFence(holder, fence, { lineage: LINEAGE, database: database.database }, ({ takeDown }) => takeDown()),
  )
  const may = await sql(
    database,
    `select r.rolname::text = $1 as mine, has_database_privilege(r.oid, current_database(), 'connect') as may
     from pg_roles as r where r.rolname in ($1, $2) order by 1 desc`,
    [role, friend],
  )
  expect(may).toEqual([
    { mine: true, may: true },
    { mine: false, may: false },
  ])
  expect(await session(database, (s) => fenceNow(s, LINEAGE, 'source'))).toEqual({ kind: 'open' })
})
