import type { AclItem } from './acl.js'

export interface ServerFacts {
  /** server_version_num, e.g. 150020. */
  readonly versionNumber: number
  readonly major: number
  /** server_version as shown, e.g. `15.20 (Debian 15.20-1)`. */
  readonly version: string
  /** pg_control_system().system_identifier: the same for every clone of a cluster. `unreadable` where that is forbidden. */
  readonly systemIdentifier: string
  /** 0 where it may not be read (a standby of a provider). */
  readonly timeline: number
  readonly inRecovery: boolean
  /**
   * Settings belt decides by, as a new session gets them (pg_settings.reset_val: numbers in the setting's unit), and all
   * of a provider's own (`rds.…`). Missing: unknown to this version, or not for this user to see.
   */
  readonly settings: Readonly<Record<string, string>>
  /** Two statements outside a transaction ran in two backends: a transaction pooler stands between. */
  readonly pooled: boolean
  readonly volatile: {
    readonly walSlotRetainedBytes: number
    readonly currentLsn: string
  }
}

export interface DatabaseFacts {
  readonly name: string
  readonly oid: number
  readonly owner: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  /** 'c' libc, 'i' icu, 'b' builtin (17+). libc before 15. */
  readonly localeProvider: string
  readonly icuLocale?: string
  readonly comment?: string
  readonly connectionLimit: number
  /** null: the built-in default ACL (CONNECT and TEMPORARY to PUBLIC, everything to the owner). */
  readonly acl: readonly AclItem[] | null
  /** ALTER DATABASE … SET, in the order stored: name=value. */
  readonly settings: readonly Setting[]
  /** ALTER ROLE … IN DATABASE … SET. */
  readonly roleSettings: readonly { readonly role: string; readonly settings: readonly Setting[] }[]
  /** Other databases of this server, which cluster-wide changes would reach. */
  readonly siblings: readonly string[]
  readonly volatile: { readonly bytes: number }
}

export interface Setting {
  readonly name: string
  readonly value: string
}

export interface Extension {
  readonly name: string
  readonly version: string
  readonly schema: string
  readonly owner: string
  /** Tables whose rows pg_dump would carry (extconfig) and that hold some now: at most 10,000 are counted, -1: unreadable. */
  readonly configTables: readonly { readonly table: string; readonly condition: string; readonly rows: number }[]
}

export interface SchemaFacts {
  readonly name: string
  readonly owner: string
  /** Grantees of USAGE, the owner included; '' is PUBLIC. */
  readonly usage: readonly string[]
  /** Grantees of CREATE, likewise; absent: not known. */
  readonly create?: readonly string[]
}
