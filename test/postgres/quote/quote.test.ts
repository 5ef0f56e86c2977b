import { fc } from '../../support/properties.js'
import pg from 'pg'
import { expect, test } from 'vitest'
import { quoteConninfo, quoteIdent, quoteLiteral, quoteQualified } from '../../../src/core/quote.js'
import { hostileNames, hostileTexts } from '../../unit/core/hostile.js'
import { freshDatabase, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'

const MAJORS = [12, 15, 18] as const
const EVERY = [12, 13, 14, 15, 16, 17, 18] as const

test.each(MAJORS)('%i reads names and constants back as they were, in one statement of many', async (major) => {
  const database = await freshDatabase(await sharedServer(major))
  await withClient(database, async (client) => {
    await fc.assert(
      fc.asyncProperty(hostileNames, hostileNames, hostileTexts, async (table, column, text) => {
        await client.query(
          `create temporary table ${quoteIdent(table)} (${quoteIdent(column)} text default ${quoteLiteral(text)}); ` +
            `insert into ${quoteQualified('pg_temp', table)} default values`,
        )
        const { rows } = await client.query<{ name: string; column: string; value: string }>(
          `select c.relname as name, a.attname as column, t.v as value
           from pg_catalog.pg_class as c join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = 1,
             (select ${quoteIdent(column)} as v from ${quoteQualified('pg_temp', table)}) as t
           where c.oid = ${quoteLiteral(quoteQualified('pg_temp', table))}::regclass`,
        )
        await client.query(`drop table ${quoteQualified('pg_temp', table)}`)
        expect(rows).toEqual([{ name: table, column, value: text }])
      }),
      { numRuns: 60 },
    )
  })
})

test.each(MAJORS)('constants of %i mean the same whatever standard_conforming_strings says', async (major) => {
  const database = await freshDatabase(await sharedServer(major))
  await withClient(database, async (client) => {
    await client.query('set standard_conforming_strings = off')
    await fc.assert(
      fc.asyncProperty(hostileTexts, async (text) => {
        const { rows } = await client.query<{ value: string }>(`select ${quoteLiteral(text)}::text as value`)
        expect(rows).toEqual([{ value: text }])
      }),
      { numRuns: 60 },
    )
  })
})

test.each(EVERY)('every keyword of %i is a name of a schema, a table, a column and a role', async (major) => {
  const database = await freshDatabase(await sharedServer(major))
  await withClient(database, async (client) => {
    const { rows } = await client.query<{ word: string }>('select word from pg_catalog.pg_get_keywords() order by 1')
    const words = rows.map((row) => row.word)
    expect(words.length).toBeGreaterThan(400)
    const each = (statement: (name: string) => string): string => words.map((w) => statement(quoteIdent(w))).join(';\n')
    const list = words.map(quoteIdent).join(', ')
    // One transaction that is rolled back: roles belong to the whole server, which other tests use.
    await client.query('begin')
    await client.query(each((name) => `create schema ${name}`))
    await client.query('create schema k; set local search_path = k')
    await client.query(
      each((name) => `create table ${name} (${name} int default 1); insert into ${name} default values`),
    )
    await client.query(`create table k.all_words (${words.map((w) => `${quoteIdent(w)} int default 1`).join(', ')})`)
    await client.query('insert into k.all_words default values')
    const { rows: wide } = await client.query(`select ${list} from all_words`)
    expect(wide).toEqual([Object.fromEntries(words.map((w) => [w, 1]))])
    const sum = words.map((w) => `(select ${quoteIdent(w)} from ${quoteIdent(w)})`).join(' + ')
    expect((await client.query(`select ${sum} as n`)).rows).toEqual([{ n: words.length }])
    // `none` is the one word that no role may have.
    const roles = words.filter((w) => w !== 'none').map(quoteIdent)
    await client.query(roles.map((name) => `create role ${name}; grant select on k.all_words to ${name}`).join(';\n'))
    await client.query('rollback')
  })
})

test('libpq itself reads values of a connection string back as they were', async () => {
  const database = await freshDatabase(await sharedServer(17))
  await withClient(database, async (client) => {
    await client.query('create extension dblink')
    // libpq repeats a value it does not know, so that it shows what it understood.
    await fc.assert(
      fc.asyncProperty(
        hostileTexts.filter((text) => text !== ''),
        async (text) => {
          const conninfo = `host=127.0.0.1 sslmode=${quoteConninfo(text)} user=nobody`
          const error = await client.query('select dblink_connect($1)', [conninfo]).catch((e: unknown) => e)
          expect(error).toBeInstanceOf(pg.DatabaseError)
          expect((error as pg.DatabaseError).detail).toBe(`invalid sslmode value: "${text}"`)
        },
      ),
      { numRuns: 60 },
    )
  })
})
