import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { freshDatabase, type TestDatabase } from '../../../support/databases.js'
import { debianTree, type DebianMajor } from '../../../support/debian.js'

/** What belt adds to a database on purpose: its records, publication and subscription. */
const WITHOUT_BELT = ['--exclude-schema=belt', '--no-publications', '--no-subscriptions']

/** `pg_dump --schema-only` of a database, without belt's own objects. */
export async function schemaOf(database: TestDatabase, more: readonly string[] = WITHOUT_BELT): Promise<string> {
  const dump = await program(database, 'pg_dump', ['--schema-only', ...more])
  return dump.replaceAll(/^\\(un)?restrict .*\n/gm, '').replaceAll(/^-- Dumped .*\n/gm, '')
}

/** A dump of `source` as it is now, and a way to make a database of it on `beside`'s server, as `pg_dump | psql` does. */
export async function toReplay(source: TestDatabase, beside: TestDatabase): Promise<() => Promise<TestDatabase>> {
  const dump = await program(source, 'pg_dump', ['--schema-only', ...WITHOUT_BELT], '', beside.server.major)
  return async () => {
    const copy = await freshDatabase(beside.server, 'replayed')
    await program(copy, 'psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', '-'], replayable(dump, beside.server.major))
    return copy
  }
}

/**
 * Schema public is there in a new database; pg_dump makes it anew when it has another owner. Debian has no programs of 14
 * and 16, and those of a later major set what these servers do not know.
 */
function replayable(dump: string, major: number): string {
  const known = major >= 17 ? dump : dump.replace(/^SET transaction_timeout = 0;$/m, '')
  return known.replace(/^CREATE SCHEMA public;$/m, '')
}

/** Debian's programs: the oldest that know the server. */
async function program(
  login: TestDatabase,
  name: 'pg_dump' | 'psql',
  args: readonly string[],
  input = '',
  atLeast = login.server.major,
): Promise<string> {
  const major = ([13, 15, 17, 18] as const).find((m: DebianMajor) => m >= Math.max(atLeast, login.server.major))
  const file = path.join(await debianTree(major ?? 18), name)
  const { host, port, user, password, database } = login
  const child = spawn(file, [...args], {
    env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${stderr}`)
  return stdout
}
