/** What one run of pg_dump is asked for, whichever pg_dump it is. */
export interface DumpOptions {
  readonly snapshot: string | undefined
  readonly lockWaitMs: number
  /** Undefined for a pg_dump that writes no \restrict lines (older than the minors of August 2025). */
  readonly restrictKey: string | undefined
}

/**
 * Arguments of a schema dump of the whole database. `-n` is never used: it leaves out extensions and foreign servers.
 *
 * Left out on purpose: publications and subscriptions (belt makes its own, and CREATE SUBSCRIPTION would print a
 * password), tablespaces (folders of another machine), and security labels (SECURITY LABEL fails unless the provider's
 * library is preloaded on the target, and the labels mean something only under the policy that is loaded there).
 */
export function dumpArguments(options: DumpOptions): readonly string[] {
  return [
    '--schema-only',
    '--no-password',
    '--encoding=UTF8',
    '--no-tablespaces',
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    `--lock-wait-timeout=${String(options.lockWaitMs)}`,
    ...(options.snapshot === undefined ? [] : [`--snapshot=${options.snapshot}`]),
    ...(options.restrictKey === undefined ? [] : [`--restrict-key=${options.restrictKey}`]),
  ]
}

/**
 * Settings of the dumping session that pg_dump does not set itself, though they change what it writes: the form of
 * string constants (the SQL parser reads with standard_conforming_strings on), of bytea and timestamptz constants in
 * defaults and partition bounds, and the quoting in views. row_security, timeouts, search_path, DateStyle and the like
 * it sets right after connecting.
 */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
  bytea_output: 'hex',
  TimeZone: 'UTC',
}

/** The settings as the `options` connection parameter takes them. */
export function sessionOptions(): string {
  return Object.entries(SESSION_SETTINGS)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}
