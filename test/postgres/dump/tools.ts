import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import { Secret } from '../../../src/core/secret.js'
import { bundledDump } from '../../../src/postgres/dump/bundled-dump.js'
import type { DumpInput, DumpResult } from '../../../src/postgres/dump/dump-input.js'
import { dumpSchema } from '../../../src/postgres/dump/dump-schema.js'
import type { Login } from '../../support/databases.js'
import { pgDumpFor } from '../../support/debian.js'

export function settings(login: Login, more: Partial<ConnectionSettings> = {}): ConnectionSettings {
  const { host, port, user, database } = login
  return {
    host,
    port,
    user,
    database,
    password: () => Promise.resolve(new Secret(login.password)),
    tls: { mode: 'prefer' },
    applicationName: 'belt/dump-test/1',
    ...more,
  }
}

export function input(connection: ConnectionSettings, more: Partial<DumpInput> = {}): DumpInput {
  return { connection, serverMajor: 18, searchPath: [], ...more }
}

/** Both ways to dump, with one pg_dump version: 18. */
export const tools: Readonly<
  Record<'native' | 'bundled', (input: DumpInput, signal: AbortSignal) => Promise<DumpResult>>
> = {
  native: async (given, signal) => dumpSchema({ ...given, pgDumpPath: await pgDumpFor(18) }, signal),
  bundled: bundledDump,
}

export const TOOLS = ['native', 'bundled'] as const

/** The text without the one line that names the program. */
export function withoutProgramLine(text: string): string {
  const [head, rest, ...more] = text.split('\n-- Dumped by pg_dump version ')
  if (head === undefined || rest === undefined || more.length > 0) throw new Error('the program is not named once')
  return head + rest.slice(rest.indexOf('\n'))
}

export async function soon<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = await probe()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`did not happen in a minute: ${what}`)
}
