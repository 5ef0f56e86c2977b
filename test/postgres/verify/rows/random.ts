import { fc } from '../../../support/properties.js'
import { expect } from 'vitest'
import type pg from 'pg'
import type { EmbeddedMajor } from '../../../../src/embedded/versions.js'
import { pair } from '../../../support/servers.js'
import { PRELUDE, RANDOM_TABLE } from './generators.js'
import type { Literal, RandomTable } from './generators.js'
import { expectedDifferences, keyText, oracleClient, storedRows } from './oracle.js'
import { verify } from './verifying.js'
import type { Difference } from '../../../../src/verify/rows/verify-result.js'

/** Random tables with random differences, many to a database: what verification reports is what an oracle finds. */
export async function compareRandomTables(
  from: EmbeddedMajor,
  to: EmbeddedMajor,
  options: { readonly seed: number; readonly tables: number },
): Promise<number> {
  const both = await pair(from, to, 'random')
  const tables = fc.sample(RANDOM_TABLE, { seed: options.seed, numRuns: options.tables })
  const clients = { source: await oracleClient(both.source), target: await oracleClient(both.target) }
  let differences = 0
  try {
    for (const side of ['source', 'target'] as const) {
      await clients[side].query(PRELUDE)
      for (const [nth, table] of tables.entries()) await makeTable(clients[side], `t${String(nth)}`, table, side)
    }
    const byChunk = new Map<number, number[]>()
    tables.forEach((table, nth) => byChunk.set(table.chunkRows, [...(byChunk.get(table.chunkRows) ?? []), nth]))
    for (const [chunkRows, numbers] of byChunk) {
      const input = numbers.map((nth) => ({ schema: 'public', name: `t${String(nth)}`, mode: 'at-rest' as const }))
      const { tables: results } = await verify(both, input, { chunkRows, maxDifferences: 1_000 })
      for (const [at, nth] of numbers.entries()) {
        const table = tables[nth]
        const result = results[at]
        if (table === undefined || result === undefined) throw new Error(`no result for t${String(nth)}`)
        const name = `public.t${String(nth)}`
        const expected = expectedDifferences(
          table.keyColumns > 0,
          await storedRows(clients.source, name, table),
          await storedRows(clients.target, name, table),
        )
        const described = JSON.stringify({
          nth,
          types: table.columns.map((c) => c.type),
          keys: table.keyColumns,
          source: table.source,
          target: table.target,
        })
        expect(result.couldNotTell, described).toBe(undefined)
        expect(result.differences.map((d) => shown(d, table)).sort(), described).toEqual(expected)
        expect(result.verdict, described).toBe(expected.length > 0 ? 'different' : 'equal')
        differences += expected.length
      }
    }
  } finally {
    await clients.source.end()
    await clients.target.end()
  }
  return differences
}

async function makeTable(
  client: pg.Client,
  name: string,
  table: RandomTable,
  side: 'source' | 'target',
): Promise<void> {
  const { columns, keyColumns, reversed } = table
  const declared = columns.map(({ type }, nth) => `c${String(nth)} ${type}`)
  const key = Array.from({ length: keyColumns }, (_, nth) => `c${String(nth)}`)
  const shuffled = side === 'target' && reversed ? declared.reverse() : declared
  await client.query(
    `create table ${name} (${[...shuffled, ...(keyColumns === 0 ? [] : [`primary key (${key.join(', ')})`])].join(', ')})`,
  )
  const list = columns.map((_, nth) => `c${String(nth)}`).join(', ')
  const literal = (value: Literal, nth: number): string =>
    `${value ?? 'null'}::${(columns[nth]?.type ?? '').replace(' collate "C"', '')}`
  for (const row of table[side]) {
    // Not every random literal is a value of every type's length or key: such rows are left out, on either side.
    await client.query('begin')
    const values = row.map(literal).join(', ')
    await client.query(`insert into ${name} (${list}) select ${values} on conflict do nothing`).then(
      () => client.query('commit'),
      () => client.query('rollback'),
    )
  }
}

function shown({ kind, key, copies }: Difference, { columns, keyColumns }: RandomTable): string {
  if (key === undefined) return `${kind} ${String(copies.source)}:${String(copies.target)}`
  const values = Array.from({ length: keyColumns }, (_, nth) => key[`c${String(nth)}`])
  return `${kind} ${keyText(columns, values)}`
}
