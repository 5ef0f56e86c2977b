import { expect } from 'vitest'
import { quoteQualified } from '../../../src/core/quote.js'
import { sql, type Row, type TestDatabase } from '../../support/databases.js'
import type { Move } from './move.js'

/** Whatever happened before: the migration is where it should be, everything stands there once, and changes stream. */
export async function expectConverged(move: Move): Promise<void> {
  const { source, target } = move
  expect(await rowsOf(target)).toEqual(await rowsOf(source))
  expect(await sql(target, INVALID)).toEqual([])
  expect(await sql(target, NOT_ENABLED)).toEqual([])
  expect(
    await sql(
      target,
      'select subname from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())',
    ),
  ).toHaveLength(1)
  expect(await sql(source, `select from pg_publication`)).toHaveLength(1)
  expect(await sql(source, 'select from pg_replication_slots where database = current_database()')).toHaveLength(1)
  const second = await move.belt('plan', '--detailed-exitcode')
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') })
  const state = await move.state()
  expect(state).toMatchObject({ stage: 'replicating' })
  expect(state.paused).toBeUndefined()
  const unsettled = Object.entries(state.actions).filter(([, { status }]) => status !== 'done')
  expect(unsettled).toEqual([])
}

const INVALID = `select indexrelid::regclass::text from pg_index where not indisvalid`

const NOT_ENABLED = `
  select subname from pg_subscription
  where not subenabled and subdbid = (select oid from pg_database where datname = current_database())`

/** Every table and materialized view that holds rows, with a digest of them that does not depend on their order. */
export async function rowsOf(database: TestDatabase): Promise<readonly Row[]> {
  const relations = await sql<{ schema: string; name: string }>(
    database,
    `select n.nspname::text as schema, c.relname::text as name
     from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and c.relispopulated and n.nspname !~ '^(pg_|information_schema$|belt$)'
     order by 1, 2`,
  )
  if (relations.length === 0) return []
  return sql(
    database,
    relations
      .map(({ schema, name }) => {
        const relation = quoteQualified(schema, name)
        return `select '${relation.replaceAll("'", "''")}' as name, count(*)::int as rows,
          coalesce(sum(hashtextextended(t::text, 0)), 0)::text as digest from ${relation} as t`
      })
      .join('\nunion all\n') + '\norder by 1',
  )
}
