import { BeltError } from '../../core/error.js'
import { BUNDLED_PG_DUMP, bundledDump } from './bundled-dump.js'
import { choosePgDump, type PgDumpProgram } from './choose-pg-dump.js'
import type { DumpInput, DumpResult } from './dump-input.js'
import { findPgDump, identifyPgDump } from './find-pg-dump.js'
import { nativeDump } from './native-dump.js'

/**
 * The schema of a whole database as SQL text.
 *
 * Uses the bundled pg_dump (18), or one of this machine that writes the same text or knows a newer server. The text holds values of user
 * mapping options in clear: treat it as a secret until those are replaced.
 * Errors: `dump-failed` (pg_dump or the server refused), `dump-tool` (no pg_dump for this server, or the forced one is
 * none); rejects with the signal's reason after an abort.
 */
export async function dumpSchema(input: DumpInput, signal: AbortSignal): Promise<DumpResult> {
  const program = await nativeProgram(input, signal)
  if (program) return await nativeDump(input, program, signal)
  if (input.serverMajor <= BUNDLED_PG_DUMP.major) return await bundledDump(input, signal)
  throw new BeltError('dump-tool', `no pg_dump here can read a server of version ${String(input.serverMajor)}`, {
    hint: `pg_dump refuses servers newer than itself and the bundled one is ${String(BUNDLED_PG_DUMP.major)}: install PostgreSQL’s client programs of version ${String(input.serverMajor)}.`,
  })
}

async function nativeProgram(input: DumpInput, signal: AbortSignal): Promise<PgDumpProgram | undefined> {
  if (input.pgDumpPath === undefined) {
    return choosePgDump(
      await findPgDump(input.searchPath, signal),
      BUNDLED_PG_DUMP.major,
      input.serverMajor,
      input.otherServerMajor,
    )
  }
  const forced = await identifyPgDump(input.pgDumpPath, signal)
  if (forced) return forced
  throw new BeltError('dump-tool', `${input.pgDumpPath} is not a pg_dump that runs here`, {
    hint: 'Give the path of a pg_dump program, or none, so that belt looks for one or uses its own.',
  })
}
