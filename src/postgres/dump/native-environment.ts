import type { ConnectionSettings } from '../connection-settings.js'
import { sessionOptions } from './dump-arguments.js'

/** A path with nothing behind it: libpq goes on without the file, and does not look in the user's home. */
const NO_FILE = '/nonexistent'

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000

/** Files that libpq shall read through descriptors instead. */
export interface EnvironmentFiles {
  readonly password: string | undefined
  readonly trustedRoots: string | undefined
}

/**
 * libpq's settings for a connection, the same as belt's own: nothing of ~/.postgresql, ~/.pgpass or the caller's PG…
 * variables counts. The password is not among them.
 */
export function connectionEnvironment(
  connection: ConnectionSettings,
  files: EnvironmentFiles,
): Readonly<Record<string, string>> {
  const { tls, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = connection
  return {
    LC_ALL: 'C',
    PGHOST: connection.host,
    PGPORT: String(connection.port),
    PGDATABASE: connection.database,
    PGUSER: connection.user,
    PGPASSFILE: files.password ?? NO_FILE,
    PGSSLMODE: tls.mode,
    PGSSLROOTCERT: files.trustedRoots ?? tls.ca ?? NO_FILE,
    PGSSLCERT: tls.cert ?? NO_FILE,
    PGSSLKEY: tls.key ?? NO_FILE,
    PGSSLCRL: NO_FILE,
    PGGSSENCMODE: 'disable',
    // libpq counts whole seconds, and takes 1 as 2.
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(connectTimeoutMs / 1000))),
    PGAPPNAME: connection.applicationName,
    PGOPTIONS: sessionOptions(),
  }
}
