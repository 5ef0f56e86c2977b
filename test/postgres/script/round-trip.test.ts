import { loadModule, parseSync } from 'libpg-query'
import { describe, expect, test } from 'vitest'
import type { SchemaObject } from '../../../src/catalog/schema-script.js'
import type { EmbeddedMajor } from '../../../src/embedded/versions.js'
import { loadEveryObject, PLANTED_SECRET } from '../../fixtures/load-every-object.js'
import { freshDatabase, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { dumpOf, replay, scriptOf } from './dumped.js'

const MAJORS: readonly EmbeddedMajor[] = [12, 13, 14, 15, 16, 17, 18]

async function everyObject(major: EmbeddedMajor): Promise<TestDatabase> {
  const database = await freshDatabase(await sharedServer(major), 'every')
  await loadEveryObject(database)
  return database
}

describe.each(MAJORS)('a server of version %i', (major) => {
  test('replaying every object into an empty database gives the same dump', async () => {
    const from = await everyObject(major)
    const into = await freshDatabase(from.server, 'again')
    const dump = await dumpOf(from)
    const script = await scriptOf(dump)
    expect(script.objects.filter(({ kind }) => kind === 'unknown')).toEqual([])
    await replay(from, into, script)
    expect(await dumpOf(into)).toBe(dump)
  })

  test('every statement of the dump belongs to exactly one object, unchanged but for what belt must change', async () => {
    const dump = await dumpOf(await everyObject(major))
    const script = await scriptOf(dump)
    const source = await sourceSlices(dump)
    const changed = script.objects.flatMap(({ key, statements }) =>
      statements.flatMap((text) => (take(source, text) ? [] : [key])),
    )
    // Passwords, the access method that pg_dump says with SET, and what only servers from 18 on would take:
    // all of these are replayed by the test above.
    const loose = /^    NOT NULL b,$/m.test(dump)
    const expected = [
      'materialized view every.other_method_view',
      'table every.other_method',
      ...(major < 17 ? [] : ['table every.methodical_2024']),
      // One statement of the dump that became two.
      ...(loose ? ['table every.derived', 'table every.derived'] : []),
      'user mapping "Odd ""Role""; --"@"odd server/}; --"',
      'user mapping every_reader@every_server',
      'user mapping public@every_server',
    ]
    expect(changed.sort()).toEqual(expected.sort())
    expect(source).toHaveLength(changed.length - (loose ? 1 : 0))
    expect(JSON.stringify(script)).not.toContain(PLANTED_SECRET)
  })

  test('building it the online way ends in the same dump', async () => {
    const from = await everyObject(major)
    const into = await freshDatabase(from.server, 'online')
    const dump = await dumpOf(from)
    const script = await scriptOf(dump)
    const online = ({ concurrently, notValidVariant, validate, statements }: SchemaObject): readonly string[] => {
      const rest = statements.slice(1)
      if (concurrently !== undefined) return [concurrently, ...rest]
      if (notValidVariant !== undefined && validate !== undefined) return [notValidVariant, ...rest, validate]
      return statements
    }
    expect(script.objects.filter((object) => online(object) !== object.statements).length).toBeGreaterThan(20)
    await replay(from, into, script, online)
    expect(await dumpOf(into)).toBe(dump)
  })
})

/** Takes one such text out of the list; false when there is none. */
function take(texts: string[], text: string): boolean {
  const at = texts.indexOf(text)
  if (at >= 0) texts.splice(at, 1)
  return at >= 0
}

/** The statements as the parser cuts them when it reads the whole dump at once, without pg_dump's own settings. */
async function sourceSlices(dump: string): Promise<string[]> {
  await loadModule()
  const bytes = Buffer.from(dump)
  return (parseSync(dump).stmts ?? []).flatMap(({ stmt, stmt_location: start = 0, stmt_len: length = 0 }) => {
    if (stmt === undefined || 'SelectStmt' in stmt) return []
    if ('VariableSetStmt' in stmt && stmt.VariableSetStmt.name !== 'session_authorization') return []
    return [bytes.toString('utf8', start, start + length).trimEnd()]
  })
}
