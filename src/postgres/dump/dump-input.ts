import type { ConnectionSettings } from '../connection-settings.js'

export interface DumpInput {
  /** The database that is dumped. Its password reaches pg_dump through a file without a name, never through arguments. */
  readonly connection: ConnectionSettings
  /** Major version of the server that is dumped. */
  readonly serverMajor: number
  /** Major version of the server that will run the text. */
  readonly otherServerMajor?: number
  /** A snapshot exported by a transaction that stays open until the dump is done (pg_export_snapshot()). */
  readonly snapshot?: string
  /** Use this pg_dump and no other. */
  readonly pgDumpPath?: string
  /** Folders to look for pg_dump in (the caller's PATH), before the usual places of packages. */
  readonly searchPath: readonly string[]
  /** How long pg_dump may wait for one table's ACCESS SHARE lock, in milliseconds; 60,000 unless told. */
  readonly lockWaitMs?: number
}

/** The program that wrote a dump. */
export interface DumpTool {
  readonly kind: 'native' | 'bundled'
  /** e.g. `17.11`. */
  readonly version: string
  /** Where the native program was found. */
  readonly path?: string
}

export interface DumpResult {
  /** The whole schema as SQL in UTF-8: no rows, no psql meta-commands. */
  readonly text: string
  readonly tool: DumpTool
  /** Whether the text shows exactly the snapshot that was given. */
  readonly snapshotUsed: boolean
}

/** Long enough for an ordinary migration script on the source to end, short enough to be told about a stuck one. */
export const DEFAULT_LOCK_WAIT_MS = 60_000
