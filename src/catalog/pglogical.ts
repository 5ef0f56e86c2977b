import type { QualifiedName } from './schema-script.js'
import type { PublishedTable } from './replication.js'

/** What pglogical keeps in one database. Its subscriptions stand among the catalog's other subscriptions. */
export interface Pglogical {
  /** Of the extension in this database, e.g. `2.4.5`. */
  readonly version: string
  /** False where this user may not read pglogical's tables: then everything below is empty. */
  readonly readable: boolean
  /** This database's own node; there is at most one. */
  readonly localNode: PglogicalNode | undefined
  /** Nodes of other databases that this one subscribes to. */
  readonly otherNodes: readonly PglogicalNode[]
  /** Of the local node, those pglogical makes by itself (default, default_insert_only, ddl_sql) included. */
  readonly sets: readonly ReplicationSet[]
  /** Copies of one table that the log asks a subscriber for, as long as its slot may not have confirmed that. */
  readonly asked?: readonly AskedCopy[]
}

export interface AskedCopy extends QualifiedName {
  readonly slot: string
}

export interface PglogicalNode {
  readonly name: string
  readonly interfaces: readonly PglogicalInterface[]
}

/** How a node is dialled. Its DSN holds a password in clear, which belt leaves where it is. */
export interface PglogicalInterface {
  readonly name: string
  readonly host: string
  readonly port: string
  readonly database: string
  readonly user: string
}

export interface ReplicationSet {
  readonly name: string
  readonly operations: readonly ('insert' | 'update' | 'delete' | 'truncate')[]
  readonly tables: readonly PublishedTable[]
}
