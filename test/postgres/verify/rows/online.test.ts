import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedServer } from '../../../../src/embedded/server.js'
import type { VerifyInput } from '../../../../src/verify/rows/verify-input.js'
import type { VerifyResult } from '../../../../src/verify/rows/verify-result.js'
import { verifyTables } from '../../../../src/verify/rows/verify-tables.js'
import { sql } from '../../../support/databases.js'
import { ownServer } from '../../../support/servers.js'
import { startWriters } from '../../../support/writers.js'
import type { Writers } from '../../../support/writers.js'
import { noSignal } from '../../connect/settings.js'
import { lines, resultOf } from './verifying.js'
import { streamed, WRITES } from './streaming.js'
import type { Streamed } from './streaming.js'

const SETTINGS = { wal_level: 'logical', wal_retrieve_retry_interval: '20ms' }
const MAJORS = [13, 17] as const

let servers: readonly EmbeddedServer[] = []

beforeAll(async () => {
  servers = await Promise.all(MAJORS.map((major) => ownServer({ major, settings: SETTINGS })))
})

afterAll(async () => {
  await Promise.all(servers.map((s) => s.stop()))
})

async function underWrites(from: number): Promise<{ readonly both: Streamed; readonly writers: Writers }> {
  const [old, young] = servers
  if (old === undefined || young === undefined) throw new Error('servers have not started')
  const both = await (from === 13 ? streamed(old, young) : streamed(young, old))
  const writers = startWriters(both.source, WRITES, { sessions: 3, pauseMs: 1 })
  onTestFinished(async () => {
    await writers.stop()
    await both.drop()
  })
  await writers.progress(50)
  return { both, writers }
}

function verifyOnline(both: Streamed, options: Partial<VerifyInput> = {}): Promise<VerifyResult> {
  return verifyTables({ ...both.input, chunkRows: 1_000, ...options }, noSignal())
}

test.each(MAJORS)('no verification from %i under writes and lag shows a difference', async (from) => {
  const { both, writers } = await underWrites(from)
  let suspects = 0
  for (let round = 0; round < 4; round += 1) {
    let verified = Promise.resolve<VerifyResult | undefined>(undefined)
    // As if the target were busy: half of the rows are compared while it lacks what was written meanwhile.
    await both.lagging(async () => {
      await writers.progress(150)
      await new Promise<void>((half, failed) => {
        verified = verifyOnline(both, { onProgress: ({ rows }) => (rows.done > 16_000 ? half() : undefined) })
        verified.then(() => half(), failed)
      })
    })
    const result = await verified
    if (result === undefined) throw new Error('nothing was verified')
    expect(result.tables.filter((t) => t.verdict !== 'equal')).toEqual([])
    suspects += result.tables.reduce((sum, t) => sum + t.suspectChunks, 0)
  }
  expect(suspects).toBeGreaterThan(20)
  expect(writers.committed()).toBeGreaterThan(500)
})

test.each(MAJORS)('every difference on the target is found from %i under writes', async (from) => {
  const { both } = await underWrites(from)
  await sql(
    both.target,
    `
    update ranged set word = 'planted' where id in (77, 15000);
    delete from ranged where id in (100, 19999);
    insert into ranged values (50000, 0, 'planted');
    update composite set note = null where id = 4999;
    insert into composite values (3, -1, 'planted');
    update worded set code = 'code 4077' where code = 'Code 4077';
    delete from worded where code = 'Code 4321';
    insert into keyless values (-1, null);
    delete from keyless where ctid in (select ctid from keyless where a = 499 limit 1)`,
  )
  const result = await verifyOnline(both)
  expect(lines(resultOf(result, 'public.ranged').differences)).toEqual([
    ...['changed id=15000: word', 'changed id=77: word', 'extra id=50000', 'missing id=100', 'missing id=19999'],
  ])
  expect(lines(resultOf(result, 'public.composite').differences)).toEqual([
    'changed tenant=19 id=4999: note',
    'extra tenant=3 id=-1',
  ])
  expect(
    resultOf(result, 'public.worded')
      .differences.map((d) => d.kind)
      .sort(),
  ).toEqual(['changed', 'missing'])
  expect(
    resultOf(result, 'public.keyless')
      .differences.map((d) => d.kind)
      .sort(),
  ).toEqual(['extra', 'missing'])
  expect(resultOf(result, 'public.hot').verdict).toBe('equal')
})

test.each(MAJORS)('a row that changes all the time is found missing or damaged from %i', async (from) => {
  const { both } = await underWrites(from)
  // What is not sent because it did not change is not mended by the next update: a value in TOAST.
  const filler = `(select string_agg(md5(g::text), '') from generate_series(1, 400) as g)`
  await sql(both.source, `update hot set filler = ${filler} where id = 2`)
  await expect.poll(() => sql(both.target, 'select from hot where id = 2 and length(filler) > 1000')).toHaveLength(1)
  await sql(both.target, `delete from hot where id = 4; update hot set filler = reverse(filler) where id = 2`)
  const result = await verifyOnline(both)
  expect(lines(resultOf(result, 'public.hot').differences)).toEqual([
    expect.stringMatching(/^changed id=2: .*filler$/),
    'missing id=4',
  ])
})

test('a table whose initial copy has not ended is not called different', async () => {
  const { both } = await underWrites(13)
  for (const database of [both.source, both.target]) {
    // The copy fails again and again on the key that is there already.
    await sql(database, 'create table late (id int primary key, v int); insert into late values (1, 1)')
  }
  await sql(both.source, 'insert into late values (2, 2); alter publication p add table late')
  await sql(both.target, `alter subscription ${both.source.database} refresh publication`)
  const tables = [{ schema: 'public', name: 'late', mode: 'stream' as const }]
  expect((await verifyOnline(both, { tables })).tables).toMatchObject([
    { verdict: 'unknown', couldNotTell: 'its initial copy has not ended' },
  ])
})

test('a subscription that stands still makes what differs unknown, and nothing else', async () => {
  const { both, writers } = await underWrites(17)
  await writers.stop()
  // Nothing else may be on its way when it stops.
  await sql(both.source, `insert into ranged values (200000, 0, 'last')`)
  await expect.poll(() => sql(both.target, 'select from ranged where id = 200000')).toHaveLength(1)
  await both.lagging(async () => {
    await sql(both.source, 'update ranged set counter = counter + 1 where id = 1')
    const result = await verifyOnline(both, { patienceMs: 1_500 })
    expect(result.tables.map((t) => t.verdict).sort()).toEqual(['equal', 'equal', 'equal', 'equal', 'unknown'])
    expect(resultOf(result, 'public.ranged').couldNotTell).toMatch(/has not moved for 2 s/)
  })
  await expect.poll(async () => (await verifyOnline(both)).verdict).toBe('equal')
})
