import { setImmediate } from 'node:timers/promises'
import { loadModule } from 'libpg-query'
import type { SchemaScript } from '../../catalog/schema-script.js'
import { throwIfAborted } from '../../postgres/aborted.js'
import { assemble } from './assemble.js'
import { dumpBody } from './dump-body.js'
import { dumpEntries } from './dump-statements.js'
import { stepReader, type StepsOfEntry } from './step.js'

const ENTRIES_AT_ONCE = 500

/**
 * Reads the plain text of `pg_dump --schema-only --no-tablespaces --no-publications --no-subscriptions` (12 to 18)
 * into objects. Statements are the dump's own text, cut by Postgres' own parser and never deparsed; what that parser
 * or belt has no rule for becomes an object of the kind `unknown` with the reason in `problem`.
 *
 * Values of server and user mapping options that may be secrets are replaced by placeholders (see `redacted`).
 * Statements run under REPLAY_SETTINGS.
 *
 * @throws BeltError `dump-incomplete` when the text is cut off, `dump-options` when it was made with other options
 */
export async function parseScript(
  dumpText: string,
  tool: SchemaScript['tool'],
  signal?: AbortSignal,
): Promise<SchemaScript> {
  await loadModule()
  const stepsOf = stepReader()
  const read: StepsOfEntry[] = []
  for (const entry of dumpEntries(dumpBody(dumpText))) {
    read.push(stepsOf(entry))
    // A dump of ten thousand tables takes seconds: connections and signals are served meanwhile.
    if (read.length % ENTRIES_AT_ONCE === 0) await setImmediate()
    if (signal !== undefined) throwIfAborted(signal)
  }
  return { objects: assemble(read), tool }
}
