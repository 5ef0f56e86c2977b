import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { quoteQualified } from '../../../../src/core/quote.js'
import { withClient, type TestDatabase } from '../../../support/databases.js'

const PLAIN = `
  set statement_timeout = 0; set row_security = off; set search_path = pg_catalog; set datestyle = 'ISO'; set timezone = 'UTC';
  set intervalstyle = 'postgres'; set extra_float_digits = 3; set bytea_output = 'hex'; set transform_null_equals = off`

/** Every table that holds rows of its own and every filled materialized view: `rows fingerprint` by name. */
export async function rowsOf(
  database: TestDatabase,
  except: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  return withClient(database, async (client) => {
    await client.query(PLAIN)
    const { rows: tables } = await client.query<{ schema: string; name: string }>(`
      select n.nspname::text as schema, c.relname::text as name
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where (c.relkind = 'r' or c.relkind = 'm' and c.relispopulated)
        and n.nspname not in ('pg_catalog', 'information_schema', 'belt', 'pglogical') and n.nspname not like 'pg\\_toast%'
      order by 1, 2`)
    const found: Record<string, string> = {}
    for (const { schema, name } of tables) {
      const table = quoteQualified(schema, name)
      if (except.includes(table)) continue
      const { rows } = await client.query<{ row: string }>(
        `select t::text as row from only ${table} as t order by t::text collate "C"`,
      )
      const hash = createHash('md5')
        .update(rows.map((r) => r.row).join('\n'))
        .digest('hex')
      found[table] = `${String(rows.length)} ${hash.slice(0, 12)}`
    }
    return found
  })
}

/** Waits until the target holds exactly the rows of the source, and fails with the tables that differ. */
export async function expectSameRows(
  source: TestDatabase,
  target: TestDatabase,
  except: readonly string[] = [],
): Promise<Readonly<Record<string, string>>> {
  const wanted = await rowsOf(source, except)
  await expect.poll(() => rowsOf(target, except), { interval: 250 }).toEqual(wanted)
  return wanted
}
