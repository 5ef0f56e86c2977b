import { expect, test } from 'vitest'
import { splitSql } from '../../../src/inspect/script/split-sql.js'

test.each<[string, string, readonly string[] | { problem: RegExp }]>([
  ['one', 'select 1', ['select 1']],
  ['with comments and a string', `-- why\n\nselect ';';\n-- and\nselect 'ä' ;\n`, [`select ';'`, `select 'ä'`]],
  ['with a body', 'do $$ begin perform 1; end $$; vacuum t', ['do $$ begin perform 1; end $$', 'vacuum t']],
  ['with a transaction', 'begin; select 1; commit;', ['begin', 'select 1', 'commit']],
  ['empty', '-- nothing\n', []],
  ['open', 'begin; select 1', { problem: /begins a transaction/ }],
  ['no SQL', 'selec 1', { problem: /syntax error/ }],
  ['psql’s', '\\i other.sql', { problem: /syntax error/ }],
])('a file of SQL is cut into statements: %s', async (_, text, wanted) => {
  const found = await splitSql(text)
  if ('problem' in wanted) expect(found).toMatchObject({ problem: expect.stringMatching(wanted.problem) })
  else expect(found).toEqual(wanted)
})
