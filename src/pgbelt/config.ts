import type { Position } from '../core/diagnostic.js'

/** A text of a configuration and where it stands. */
export interface Placed {
  readonly text: string
  readonly at: Position
}

/** A login of a configuration; its password stays in the file. */
export interface PgbeltUser {
  readonly name: Placed
  /** Where the password stands; undefined when there is none. */
  readonly passwordAt: Position | undefined
}

/** One of the two databases of a configuration. */
export interface PgbeltSide {
  readonly host: string
  readonly ip: string
  readonly port: number
  readonly database: string
  readonly root: PgbeltUser
  readonly owner: PgbeltUser
  readonly pglogical: PgbeltUser
  /** Of versions that wrote the logins they had revoked into the file. */
  readonly others: readonly PgbeltUser[]
}

/** A `configs/<datacenter>/<database>/config.json` of pgbelt, as far as belt has a word for what it says. */
export interface PgbeltConfig {
  readonly file: string
  /** pgbelt's name of the pair of databases. */
  readonly db: Placed
  /** pgbelt's name of the folder above. */
  readonly dc: Placed
  readonly source: PgbeltSide
  readonly target: PgbeltSide
  readonly schema: string
  /** Names without schema; empty means every table. */
  readonly tables: readonly string[]
  readonly excludeUsers: readonly string[]
}
