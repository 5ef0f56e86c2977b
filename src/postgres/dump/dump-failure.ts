import { BeltError } from '../../core/error.js'
import type { SecretRegistry } from '../redact.js'

interface Advice {
  readonly when: RegExp
  readonly hint: string
}

/** What helps against what pg_dump says (LC_ALL=C, so its own words are English; the server's may not be). */
const ADVICE: readonly Advice[] = [
  {
    when: /permission denied for (?:table|relation|sequence|view|materialized view|foreign table|schema)/,
    hint: 'pg_dump locks every table in ACCESS SHARE mode. Grant pg_read_all_data (14 and later) to the admin role, or USAGE on the schemas and SELECT on every table and sequence, or use a superuser.',
  },
  {
    when: /aborting because of server version mismatch/,
    hint: 'pg_dump refuses servers newer than itself: install the client programs of the server’s major version or a newer one.',
  },
  {
    when: /canceling statement due to (?:statement|lock) timeout|could not obtain lock|LOCK TABLE/,
    hint: 'Another session holds a lock on a table that the dump must read the definition of. Find it with pg_blocking_pids() and plan again once it has ended.',
  },
  {
    when: /(?:invalid snapshot identifier|snapshot ".*" does not exist|could not import the requested snapshot)/,
    hint: 'The transaction that exported the snapshot has ended: plan again.',
  },
  {
    when: /password authentication failed|no password supplied/,
    hint: 'The server refused the admin role’s password; check where the spec takes it from.',
  },
  {
    when: /server closed the connection|connection to server .* (?:failed|was lost)|terminating connection|could not connect/,
    hint: 'The connection was lost. A dump only reads, so plan again.',
  },
  {
    when: /invalid byte sequence|has no equivalent in encoding/,
    hint: 'A name or definition holds bytes that are no text in the database’s encoding, as a SQL_ASCII database allows. Rename or redefine the objects that are not plain ASCII.',
  },
]

/** The error for a pg_dump that did not get to its end, without the secrets in what it said. */
export function dumpFailure(toolName: string, said: string, secrets: SecretRegistry, cause?: unknown): BeltError {
  const text = secrets.redact(said).trim() || 'it said nothing'
  const hint = ADVICE.find((advice) => advice.when.test(text))?.hint
  return new BeltError('dump-failed', `${toolName} failed: ${text}`, { hint, cause })
}
