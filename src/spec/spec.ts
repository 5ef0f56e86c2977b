import type { Position } from '../core/diagnostic.js'
import type { TablePart } from '../core/table-part.js'

/** Where the migration should be; see docs/concepts.md for what is true at each stage. */
export type Stage = 'absent' | 'prepared' | 'replicating' | 'cutover' | 'rolled-back' | 'finalized'

export type EngineName = 'native' | 'pglogical'

/** sslmode as libpq names and means it. */
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

/** Where a secret comes from; resolved only when it is used, never written anywhere. File paths are absolute. */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly string[] }
  /** The password part of the connection URL that the inner reference resolves to. */
  | { readonly urlOf: SecretReference }

export interface TlsSettings {
  readonly mode: TlsMode
  /** PEM file with the certificates to trust, or `system`. Path relative to the spec file, resolved to absolute. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** The path from the other server to this one (rule 23: it never inherits belt's own file paths). */
export interface ReachableAt {
  readonly host: string
  readonly port: number
  readonly tls: TlsMode
  /** Path of the CA file on the server that dials. */
  readonly caOnServer?: string
}

export interface AdminLogin {
  readonly user: string
  readonly password?: SecretReference
}

/** One of the two databases. With `url` given, host, port, database and user come from it when it is resolved. */
export interface EndpointSpec {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly admin: AdminLogin
  readonly tls: TlsSettings
  readonly reachableAt: ReachableAt
}

export interface ScopeSpec {
  /** Schemas to move; empty means every schema that is not Postgres' or belt's own. */
  readonly schemas: readonly string[]
  /** `schema.table` patterns where `*` stands for any run of characters. Excluded: neither structure nor rows. */
  readonly excludeTables: readonly string[]
  /** Patterns of tables whose structure moves without rows. */
  readonly schemaOnlyTables: readonly string[]
  /** Patterns of the only tables whose rows move; absent or empty means all. */
  readonly tablesWithRows?: readonly string[]
  /** Tables of which only a part moves, by table as `quoteQualified(schema, name)` writes it; absent: none. */
  readonly parts?: Readonly<Record<string, TablePart>>
}

export type KeylessMethod = 'replicate_full' | 'copy_at_cutover'

export interface KeylessSpec {
  readonly default: KeylessMethod
  /** By table, as `quoteQualified(schema, name)` writes it. */
  readonly tables: Readonly<Record<string, KeylessMethod>>
}

export type FenceMethod = 'revoke_connect' | 'revoke_login' | 'read_only' | 'none'

export interface CutoverSpec {
  readonly fence: FenceMethod
  readonly exceptRoles: readonly string[]
  /** Bytes of WAL the target may be behind. */
  readonly maxLagBytes: number
  readonly maxPauseMs: number
  readonly verify: 'full' | 'sample' | 'none'
  readonly verifyMaxAgeMs: number
}

/** Moments of a handover at which hooks run, in their order; the last one only when it is given up. */
export const HOOK_MOMENTS = ['before_fence', 'after_fence', 'before_open', 'after_open', 'after_give_up'] as const
export type HookMoment = (typeof HOOK_MOMENTS)[number]

/** What a file of a hook held when the spec was read. */
export interface HookFile {
  readonly digest: string
  /** Of an SQL file, as it writes them; empty for a program. */
  readonly statements: readonly string[]
}

/** Something of the user's own to run around the pause. */
export interface HookSpec {
  readonly name: string
  readonly moment: HookMoment
  readonly handover: 'cutover' | 'rollback' | 'both'
  readonly timeoutMs: number
  readonly run:
    /** Program and arguments, without a shell, in the folder of the spec file. */
    | { readonly command: readonly string[] }
    /** Path of the SQL file as written. */
    | { readonly sql: string; readonly on: 'source' | 'target' }
  /** The SQL file, or the program where it is named by a path; absent for a program found in PATH. */
  readonly file?: HookFile
  /** Dotted path of its setting: `hooks.before_fence.0`. */
  readonly specPath: string
}

export interface ApprovalSpec {
  readonly hazard: string
  readonly action: string
  readonly reason: string
  /** Last day (UTC, inclusive) as YYYY-MM-DD. */
  readonly until: string
  /** The action as it was approved, in eight characters; absent: whatever it has become. */
  readonly digest?: string
  readonly at?: Position
}

/** A migration as the user asked for it, with every default filled in and every check passed. */
export interface Spec {
  readonly version: 1
  readonly name: string
  readonly stage: Stage
  readonly engine: EngineName
  readonly source: EndpointSpec
  readonly target: EndpointSpec & { readonly previewRoles: readonly string[] }
  readonly scope: ScopeSpec
  readonly roles: {
    readonly replication: { readonly name: string; readonly password: SecretReference }
    readonly copy: readonly string[]
  }
  readonly keyless: KeylessSpec
  readonly copy: { readonly method: 'subscription' | 'parallel'; readonly jobs: number }
  readonly indexes: {
    readonly jobs: number
    /** A plain CREATE INDEX whose estimated apply stall is longer than this is built CONCURRENTLY instead. */
    readonly maxStallMs: number
  }
  readonly replicate: { readonly failover: boolean }
  readonly sequences: { readonly margin: number }
  readonly cutover: CutoverSpec
  readonly hooks: readonly HookSpec[]
  readonly reverse: { readonly enabled: boolean }
  /** The server that is switched off for good. */
  readonly gone?: 'source' | 'target'
  readonly verify: {
    readonly jobs: number
    /** Read from the source at most, over all jobs, by the tables' average row size; without it no limit. */
    readonly maxBytesPerSecond?: number
    /** Rows of one piece; without it as many as make about 32 MB. */
    readonly chunkRows?: number
    /** Rows of each table that `cutover.verify: sample` picks. */
    readonly sampleRows: number
  }
  readonly state: {
    readonly backend: 'local' | 'postgres'
    /** Absolute path of the local backend's file. */
    readonly path: string
  }
  readonly approve: readonly ApprovalSpec[]
  /** Where each setting stands in the file, by dotted path (`source.host`, `roles.copy.0`). */
  readonly positions: Readonly<Record<string, Position>>
  /**
   * Fingerprint of what the spec says, `stage` and `approve` included; comments, layout, the folder it lies in
   * and the values of secrets apart.
   */
  readonly digest: string
}
