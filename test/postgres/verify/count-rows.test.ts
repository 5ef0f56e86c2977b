import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { countInPair } from '../../../src/verify/count-rows.js'
import { withPairedSnapshots } from '../../../src/verify/paired-snapshots.js'
import { verifyCounts } from '../../../src/verify/verify-counts.js'
import { sql } from '../../support/databases.js'
import type { TestDatabase } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { drop, replicated } from './replicated.js'
import type { Replicated } from './replicated.js'
import { compareRounds } from './rounds.js'
import { startWriters } from './writers.js'
import type { Writers } from './writers.js'

// Before 16 the launcher starts a worker at most once in this interval; the tests stop and start it all the time.
const SETTINGS = {
  wal_level: 'logical',
  wal_retrieve_retry_interval: '20ms',
  max_prepared_transactions: '20',
  max_logical_replication_workers: '12',
  max_worker_processes: '32',
  max_replication_slots: '40',
  max_wal_senders: '40',
}

let servers: readonly EmbeddedServer[] = []

beforeAll(async () => {
  servers = await Promise.all(([13, 17] as const).map((major) => ownServer({ major, settings: SETTINGS })))
})

afterAll(async () => {
  await Promise.all(servers.map((s) => s.stop()))
})

async function pairOf(from: 13 | 17, beforeCopy?: (source: TestDatabase) => void): Promise<Replicated> {
  const [old, young] = servers
  if (old === undefined || young === undefined) throw new Error('servers have not started')
  const both = await (from === 13 ? replicated(old, young, beforeCopy) : replicated(young, old, beforeCopy))
  onTestFinished(() => drop(both))
  return both
}

test.each([13, 17] as const)('no comparison under writers from %i shows a difference that is none', async (from) => {
  const both = await pairOf(from)
  const writers = startWriters(both.source, 4)
  const seen = await compareRounds(both, 40).finally(() => writers.stop())
  expect(seen.different).toEqual([])
  expect(writers.committed()).toBeGreaterThan(100)
  expect(seen.withDelta).toBeGreaterThan(10)
})

test('a missing row and a stray row are found under writers, each time', async () => {
  const both = await pairOf(13)
  const { source, target, input } = both
  await sql(source, `insert into keyless values (9000000000000000000, 'here')`)
  await expect.poll(() => sql(target, 'select id from keyless where id = 9000000000000000000')).toHaveLength(1)
  await sql(target, `delete from keyless where id = 9000000000000000000; insert into still values (-2)`)
  const writers = startWriters(source, 3)
  const seen = await compareRounds(both, 10).finally(() => writers.stop())
  expect(seen.different.map((d) => d.table).sort()).toEqual([
    ...Array<string>(10).fill('public.keyless'),
    ...Array<string>(10).fill('public.still'),
  ])
  const report = await verifyCounts(input, { jobs: 2, betweenMs: 10 }, new AbortController().signal)
  expect(report.rounds).toBe(3)
  expect(report.different.map((d) => d.source - d.target - d.delta)).toEqual([1, -1])
})

test.each([13, 17] as const)(
  'comparisons from %i right after a copy under writers, before anything was streamed, are exact',
  async (from) => {
    for (let copy = 0; copy < 3; copy += 1) {
      const writers: Writers[] = []
      const start = (source: TestDatabase): void => void writers.push(startWriters(source, 3, { truncates: false }))
      const both = await pairOf(from, start)
      const seen = await compareRounds(both, 2).finally(() => Promise.all(writers.map((w) => w.stop())))
      expect(seen.different).toEqual([])
      await drop(both)
    }
  },
)

test.each([13, 17] as const)('a truncate from %i that the target has still to apply is reckoned with', async (from) => {
  const { source, input } = await pairOf(from)
  await sql(
    source,
    `insert into refilled select generate_series(1, 50); insert into plain select i, 'x' from generate_series(1, 9) as i`,
  )
  const pause = async (): Promise<void> => {
    await input.pause()
    await sql(
      source,
      `begin; insert into refilled values (60); truncate refilled, plain cascade; insert into refilled values (70), (71); delete from refilled where id = 70; commit`,
    )
    await sql(source, `insert into refilled select generate_series(80, 84)`)
    // Begun before the snapshot and committed after it: decoded, but not seen.
    await sql(source, `begin; insert into still values (-5), (-6); prepare transaction 'later_${source.database}'`)
  }
  const signal = new AbortController().signal
  const counted = await withPairedSnapshots({ ...input, pause }, signal, async (pair) => {
    await sql(source, `commit prepared 'later_${source.database}'`)
    return countInPair(input, pair, { jobs: 2 }, signal)
  })
  const refilled = counted.counts.find((c) => c.table === 'public.refilled')
  expect(refilled).toMatchObject({ source: 6, delta: 6, truncated: true, equal: true })
  expect(counted.counts.find((c) => c.table === 'public.plain')).toMatchObject({ source: 0, delta: 0, truncated: true })
  expect(counted.counts.find((c) => c.table === 'public.still')).toMatchObject({ source: 1000, target: 1000, delta: 0 })
  expect(counted.counts.filter((c) => !c.equal)).toEqual([])
})

test('a table truncated while it is being counted is counted again rather than called different', async () => {
  const { source, input } = await pairOf(17)
  const signal = new AbortController().signal
  const counted = await withPairedSnapshots(input, signal, async (pair) => {
    await sql(source, 'truncate still')
    return countInPair(input, pair, { jobs: 1 }, signal)
  })
  expect(counted.unsettled).toEqual([{ schema: 'public', name: 'still' }])
  const report = await verifyCounts(input, { jobs: 1, betweenMs: 10 }, signal)
  expect(report).toMatchObject({ different: [], unsettled: [], rounds: 1 })
})

test('apply goes on after a comparison that failed', async () => {
  const both = await pairOf(17)
  const missing = { ...both.input, tables: [...both.input.tables, { schema: 'public', name: 'nowhere' }] }
  await expect(verifyCounts(missing, { jobs: 1 }, new AbortController().signal)).rejects.toMatchObject({
    code: 'copy-unfinished',
  })
  expect(
    await sql(both.target, 'select subenabled from pg_subscription where subname = $1', [both.input.subscription]),
  ).toEqual([{ subenabled: true }])
})

test('parts of tables, in publications of their own, are counted exactly under writers', async () => {
  const both = await pairOf(17)
  const { source, target, input } = both
  const schema = 'create table sharded (shard int, id bigint, primary key (shard, id)); create table log (id bigint)'
  await sql(source, schema)
  await sql(target, schema)
  const [mine, logs] = ['sharded_iud', 'log_i']
  await sql(
    source,
    `create publication ${mine} for table sharded where (shard = 1) with (publish = 'insert, update, delete')`,
  )
  await sql(source, `create publication ${logs} for table log with (publish = 'insert')`)
  await sql(
    target,
    `alter subscription ${input.subscription} set publication p, ${mine}, ${logs} with (copy_data = false)`,
  )
  // A worker that runs takes them up a little later.
  await expect
    .poll(async () => {
      await sql(source, 'insert into log values (0)')
      return sql(target, 'select from log limit 1')
    })
    .toHaveLength(1)
  await sql(source, `truncate log; insert into still values (-9)`)
  await expect.poll(() => sql(target, 'select from still where id = -9')).toHaveLength(1)
  await sql(target, 'truncate log')
  let stopped = false
  const write = async (seed: number): Promise<void> => {
    for (let i = seed; !stopped; i += 4) {
      await sql(
        source,
        `insert into sharded values (1, ${String(i)}), (2, ${String(i)}); insert into log values (${String(i)})`,
      )
      // Into the filter and out of it: what is sent is an insert, a delete.
      await sql(source, `update sharded set shard = 3 - shard where id = ${String(i - 8)}`).catch(() => undefined)
      await sql(
        source,
        `update sharded set shard = 1 where shard = 2 and id % 7 = 0 and id = ${String(i - 12)} and not exists (select from sharded as o where o.shard = 1 and o.id = sharded.id)`,
      )
      await sql(source, `delete from sharded where id = ${String(i - 20)}`)
    }
  }
  const writers = [write(1), write(2), write(3)]
  const parts = {
    ...both,
    input: {
      ...input,
      publications: ['p', mine, logs],
      tables: [
        { schema: 'public', name: 'sharded', part: { filter: 'shard = 1' } },
        { schema: 'public', name: 'log', part: { operations: ['insert' as const] } },
      ],
    },
  }
  const seen = await compareRounds(parts, 15).finally(() => {
    stopped = true
  })
  await Promise.all(writers)
  expect(seen.different).toEqual([])
  expect(seen.withDelta).toBeGreaterThan(3)
  await sql(source, 'delete from log where id = 1')
  await sql(target, 'delete from sharded where id = (select min(id) from sharded)')
  const report = await verifyCounts(parts.input, { jobs: 2, betweenMs: 10 }, new AbortController().signal)
  expect(report.different.map((d) => `${d.table} ${String(d.source - d.target - d.delta)}`).sort()).toEqual([
    'public.log -1',
    'public.sharded 1',
  ])
})
