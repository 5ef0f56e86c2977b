import { quoteLiteral } from '../../../src/core/quote.js'
import { REPLAY_SETTINGS } from '../../../src/catalog/replay-settings.js'
import type { SchemaObject, SchemaScript } from '../../../src/catalog/schema-script.js'
import { parseScript } from '../../../src/inspect/script/parse-script.js'
import { bundledDump } from '../../../src/postgres/dump/bundled-dump.js'
import { dumpSchema } from '../../../src/postgres/dump/dump-schema.js'
import { sql, withClient, type TestDatabase } from '../../support/databases.js'
import { pgDumpFor, type DebianMajor } from '../../support/debian.js'
import { input, settings } from '../dump/tools.js'

const WITH_DEBIAN: readonly number[] = [13, 15, 17, 18]

/** The text of the server's own pg_dump where Debian ships that major, of the bundled one otherwise. */
export async function dumpOf(database: TestDatabase): Promise<string> {
  const { major } = database.server
  const signal = AbortSignal.timeout(240_000)
  const request = input(settings(database), { serverMajor: major })
  if (!WITH_DEBIAN.includes(major)) return (await bundledDump(request, signal)).text
  return (await dumpSchema({ ...request, pgDumpPath: await pgDumpFor(major as DebianMajor) }, signal)).text
}

export async function scriptOf(dump: string): Promise<SchemaScript> {
  return parseScript(dump, { kind: 'native', version: 'test' })
}

/** Runs the statements of every object one by one; `choose` may put others in their place. */
export async function replay(
  from: TestDatabase,
  into: TestDatabase,
  script: SchemaScript,
  choose: (object: SchemaObject) => readonly string[] = (object) => object.statements,
): Promise<void> {
  const secrets = await secretsOf(from)
  await withClient(into, async (client) => {
    for (const [name, value] of Object.entries(REPLAY_SETTINGS)) {
      await client.query('select pg_catalog.set_config($1, $2, false)', [name, value])
    }
    for (const object of script.objects) {
      for (const statement of choose(object)) {
        await client.query(withSecrets(statement, object, secrets)).catch((error: unknown) => {
          throw new Error(`${object.key}\n${statement}`, { cause: error })
        })
      }
    }
  })
}

function withSecrets(statement: string, object: SchemaObject, secrets: ReadonlyMap<string, string>): string {
  return object.redacted.reduce((text, { placeholder, server, user, option }) => {
    const value = secrets.get(JSON.stringify([server, user ?? null, option])) ?? 'not found'
    return text.replace(placeholder, () => quoteLiteral(value))
  }, statement)
}

async function secretsOf(database: TestDatabase): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ server: string; user: string | null; option: string; value: string }>(
    database,
    `select s.srvname::text as server, null as "user", o.option_name::text as option, o.option_value::text as value
     from pg_catalog.pg_foreign_server s, pg_catalog.pg_options_to_table(s.srvoptions) o
     union all
     select m.srvname::text, m.usename::text, o.option_name::text, o.option_value::text
     from pg_catalog.pg_user_mappings m, pg_catalog.pg_options_to_table(m.umoptions) o`,
  )
  return new Map(rows.map(({ server, user, option, value }) => [JSON.stringify([server, user, option]), value]))
}
