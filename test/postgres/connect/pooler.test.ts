import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { detectPooler } from '../../../src/postgres/pooler.js'
import { inSameCluster } from '../../../src/postgres/same-cluster.js'
import { databaseOf, freshDatabase } from '../../support/databases.js'
import { ownServer, sharedServer } from '../../support/servers.js'
import { noSignal, settingsFor } from './settings.js'
import { startTransactionPooler, type Pooler } from './transaction-pooler.js'

let server: EmbeddedServer
let pooler: Pooler

beforeAll(async () => {
  server = await ownServer({ major: 17, hba: 'host all all 127.0.0.1/32 trust\n' })
  pooler = await startTransactionPooler({ port: server.port, user: server.user, database: 'postgres' })
})
afterAll(async () => {
  await pooler.close()
  await server.stop()
})

const pooled = () => settingsFor({ ...databaseOf(server, 'postgres'), port: pooler.port })

test('two statements in a row do not tell a pooler from a server', async () => {
  await withConnection(pooled(), noSignal(), async (session) => {
    const { pid } = await session.one<{ pid: number }>('select pg_catalog.pg_backend_pid()::int4 as pid')
    expect(pid).toBe(session.pid)
  })
})

test('a transaction pooler is found, with the evidence', async () => {
  const found = await detectPooler(pooled(), noSignal())
  expect(found.kind).toBe('transaction-pooler')
  expect(found.kind === 'transaction-pooler' && found.evidence).toMatch(/process/)
})

test('a server is not taken for one', async () => {
  for (const major of [12, 18] as const) {
    const database = await freshDatabase(await sharedServer(major))
    expect(await detectPooler(settingsFor(database), noSignal())).toEqual({ kind: 'direct' })
  }
})

test('one cluster is recognized through it', async () => {
  const same = await withConnection(pooled(), noSignal(), (a) =>
    withConnection(settingsFor(databaseOf(server, 'postgres')), noSignal(), async (b) => [
      await inSameCluster(a, b),
      await inSameCluster(b, a),
    ]),
  )
  expect(same).toEqual([true, true])
})
