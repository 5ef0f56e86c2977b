import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { verifyTables } from '../../../../src/verify/rows/verify-tables.js'
import { sql } from '../../../support/databases.js'
import { ownServer } from '../../../support/servers.js'
import { startWriters } from '../../../support/writers.js'
import { noSignal } from '../../connect/settings.js'
import { streamed, WRITES } from './streaming.js'
import { lines } from './verifying.js'

const SETTINGS = { wal_level: 'logical', wal_retrieve_retry_interval: '20ms' }

test.each([
  [12, 18],
  [15, 17],
  [18, 14],
] as const)(
  'a long run under load from %i to %i has no false alarm and misses nothing planted ahead of it',
  async (from, to) => {
    const [source, target] = await Promise.all([from, to].map((major) => ownServer({ major, settings: SETTINGS })))
    if (source === undefined || target === undefined) throw new Error('two servers')
    onTestFinished(async () => {
      await Promise.all([source.stop(), target.stop()])
    })
    const both = await streamed(source, target)
    const writers = startWriters(both.source, WRITES, { sessions: 6, pauseMs: 1, limit: 1_000_000 })
    onTestFinished(async () => {
      await writers.stop()
      await both.drop()
    })
    await writers.progress(50)
    let suspects = 0
    for (let round = 0; round < 12; round += 1) {
      const planting = round % 3 === 2
      // 20,000 rows at this pace take four seconds.
      const verified = verifyTables({ ...both.input, chunkRows: 500, maxRowsPerSecond: 8_000, jobs: 3 }, noSignal())
      await both.lagging(() => delay(300 + round * 100))
      // Ahead of every chunk compared by now; no writer comes here.
      if (planting)
        await sql(
          both.target,
          `update ranged set word = 'planted' where id = 19950; delete from ranged where id = 19960`,
        )
      await delay(200)
      await both.lagging(() => delay(500))
      const result = await verified
      expect(result.tables.flatMap((t) => (t.couldNotTell === undefined ? [] : [t.table, t.couldNotTell]))).toEqual([])
      expect(result.tables.flatMap((t) => lines(t.differences))).toEqual(
        planting ? ['changed id=19950: word', 'missing id=19960'] : [],
      )
      suspects += result.tables.reduce((sum, t) => sum + t.suspectChunks, 0)
      if (planting)
        await sql(
          both.target,
          `update ranged set word = 'w19950' where id = 19950; insert into ranged values (19960, 0, 'w19960')`,
        )
    }
    expect(suspects).toBeGreaterThan(200)
  },
)
