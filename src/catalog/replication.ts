import type { TablePart } from '../core/table-part.js'
import type { QualifiedName } from './schema-script.js'

/** A table as a publication or replication set has it. */
export interface PublishedTable extends QualifiedName {
  /** Set when a row filter or a column list (of publications: 15+) keeps something back; the filter as the server prints it. */
  readonly part?: TablePart
}

export interface Publication {
  readonly name: string
  readonly owner: string
  readonly allTables: boolean
  readonly operations: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  readonly viaRoot: boolean
  /** Tables named in it (pg_publication_rel), sorted. */
  readonly tables: readonly PublishedTable[]
  /** FOR TABLES IN SCHEMA (15+). */
  readonly schemas?: readonly string[]
  readonly comment?: string
}

/** pg_subscription_rel.srsubstate or pglogical.local_sync_status.sync_status, spelled out. */
export type TableSyncState = 'initialize' | 'data' | 'finished copy' | 'synchronized' | 'ready'

export interface Subscription {
  readonly name: string
  /** Whose: Postgres' own where absent. */
  readonly of?: 'pglogical'
  /** Of pglogical: it was made without a copy, and streams; its tables are those of its sets on the other side. */
  readonly copiesNothing?: true
  /** Of pglogical: its initial copy was begun and is not done. Once its worker ended it can never be. */
  readonly copyBegun?: true
  /** Of pglogical: tables whose changes it passes over, which belt has told it to until they are copied anew. */
  readonly setAside?: readonly { readonly schema: string; readonly name: string }[]
  readonly owner: string
  readonly enabled: boolean
  readonly slotName: string | undefined
  /** Or replication sets. */
  readonly publications: readonly string[]
  /** Host, port, database and user of its connection string where readable; never its password. */
  readonly connection?: {
    readonly host: string
    readonly port: string
    readonly database: string
    readonly user: string
  }
  readonly failover?: boolean
  readonly comment?: string
  /** Name of its replication origin (`pg_<oid>`), which tells how far it has applied; absent where the OID is not to be seen. */
  readonly origin?: string
  readonly tables: readonly {
    readonly schema: string
    readonly name: string
    readonly state: TableSyncState
    /** Of pglogical: copied after the subscription's initial copy, while other changes streamed. */
    readonly alone?: true
  }[]
  readonly volatile: {
    readonly workerPid: number | undefined
    readonly receivedLsn: string | undefined
    readonly latestEndLsn: string | undefined
    /** From 15; undefined before. */
    readonly applyErrors: number | undefined
    readonly syncErrors: number | undefined
  }
}

export interface Slot {
  readonly name: string
  readonly plugin: string
  readonly type: 'logical' | 'physical'
  /** '' for physical slots. */
  readonly database: string
  readonly temporary: boolean
  /** pg_replication_slots.wal_status (13+): reserved, extended, unreserved, lost. */
  readonly walStatus?: string
  readonly volatile: {
    readonly active: boolean
    readonly activePid: number | undefined
    readonly restartLsn: string | undefined
    readonly confirmedFlushLsn: string | undefined
    readonly retainedBytes: number
  }
}

export interface ReplicationOrigin {
  readonly name: string
  readonly volatile: { readonly remoteLsn: string | undefined; readonly localLsn: string | undefined }
}
