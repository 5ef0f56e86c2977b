import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase, sql } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { inspect } from './connected.js'

const TABLES = 10_000

/** With the usual size of the lock table. The seconds are measured, not judged. */
test.each([13, 17] as const)('10,000 tables with 30,000 indexes and 10,000 sequences on %i', async (major) => {
  const server = await ownServer({ major })
  onTestFinished(() => server.stop())
  const db = await freshDatabase(server)
  for (let from = 0; from < TABLES; from += 500) {
    await sql(
      db,
      `do $$ begin for i in ${from}..${from + 499} loop
         execute format('create table t%s (id int4 generated always as identity primary key, a int4, b text, c jsonb,
           d timestamptz, check (a > 0))', i);
         execute format('create index on t%s (a); create index on t%s (b)', i, i);
       end loop; end $$`,
    )
  }
  const began = performance.now()
  const seen = await inspect(db)
  const seconds = (performance.now() - began) / 1000
  process.stderr.write(`inspection of ${TABLES} tables on ${major}: ${seconds.toFixed(1)} s\n`)
  expect(seen.tables).toHaveLength(TABLES)
  expect(seen.indexes).toHaveLength(3 * TABLES)
  expect(seen.sequences).toHaveLength(TABLES)
})
