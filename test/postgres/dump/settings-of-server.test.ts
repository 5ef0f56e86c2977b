import { expect, test } from 'vitest'
import { quoteIdent } from '../../../src/core/quote.js'
import { databaseOf, freshDatabase, sql } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { input, settings, TOOLS, tools, withoutProgramLine } from './tools.js'

test.each(TOOLS)('%s: hostile settings of the database do not change the text', async (tool) => {
  const database = await freshDatabase(await sharedServer(15), 'hostile')
  await sql(
    database,
    String.raw`create table t (a text default E'back\\slash', b interval default '1 day', c bytea default '\x00', d float8 default 0.1,
       e timestamptz default '2020-01-01 12:00:00+00');
     create view v as select a as "order", d from t where a = E'\\'; comment on table t is E'\\'`,
  )
  const dump = async (): Promise<string> =>
    withoutProgramLine((await tools[tool](input(settings(database)), AbortSignal.timeout(240_000))).text)
  const before = await dump()
  const name = quoteIdent(database.database)
  for (const setting of [
    'standard_conforming_strings = off',
    'quote_all_identifiers = on',
    'search_path = public, pg_catalog',
    'default_transaction_isolation = serializable',
    'default_transaction_read_only = on',
    'statement_timeout = 20',
    'lock_timeout = 20',
    'idle_in_transaction_session_timeout = 20',
    "timezone = 'Asia/Tokyo'",
    "intervalstyle = 'iso_8601'",
    "datestyle = 'German'",
    'extra_float_digits = -10',
    "bytea_output = 'escape'",
    "client_encoding = 'LATIN1'",
  ]) {
    await sql(databaseOf(database.server, 'postgres'), `alter database ${name} set ${setting}`)
  }
  expect(await dump()).toBe(before)
})

test.each(TOOLS)('%s: text in another database encoding arrives as UTF-8', async (tool) => {
  const server = await sharedServer(16)
  const database = await freshDatabase(server, 'latin')
  const latin = { ...database, database: `${database.database}_1` }
  await sql(database, `create database ${quoteIdent(latin.database)} template template0 encoding 'LATIN1' locale 'C'`)
  await sql(latin, `create table "grüße" (a text default 'é')`)
  const { text } = await tools[tool](input(settings(latin)), AbortSignal.timeout(240_000))
  expect(text).toContain(`CREATE TABLE public."grüße"`)
  expect(text).toContain(`DEFAULT 'é'::text`)
})
