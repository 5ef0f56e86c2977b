import type { Activity } from './activity.js'
import type { Constraint, EventTrigger, Index, Sequence, Table, Trigger } from './relations.js'
import type { Me, Role } from './roles.js'
import type { Pglogical } from './pglogical.js'
import type { Publication, ReplicationOrigin, Slot, Subscription } from './replication.js'
import type { DatabaseFacts, Extension, SchemaFacts, ServerFacts } from './server.js'
import type { SchemaScript } from './schema-script.js'
import type { Side } from '../core/side.js'

/**
 * One database as belt found it, read in one repeatable-read transaction. Objects of Postgres itself,
 * of extensions and of belt's own schema are left out. Lists are sorted by name, so equal databases
 * give equal catalogs. `activity` and the fields called `volatile` change by themselves and are never facts.
 */
export interface Catalog {
  readonly side: Side
  readonly server: ServerFacts
  readonly database: DatabaseFacts
  readonly me: Me
  readonly extensions: readonly Extension[]
  readonly availableExtensions: readonly { readonly name: string; readonly defaultVersion: string }[]
  readonly roles: readonly Role[]
  /** Names of Postgres' own roles (pg_…) on this server; they differ by major. */
  readonly predefinedRoles: readonly string[]
  readonly schemas: readonly SchemaFacts[]
  readonly tables: readonly Table[]
  readonly indexes: readonly Index[]
  readonly constraints: readonly Constraint[]
  readonly sequences: readonly Sequence[]
  readonly triggers: readonly Trigger[]
  readonly eventTriggers: readonly EventTrigger[]
  readonly publications: readonly Publication[]
  /** Of Postgres itself and of pglogical. */
  readonly subscriptions: readonly Subscription[]
  /** OIDs of the subscriptions of the whole cluster, as text; absent where they are not to be seen. */
  readonly subscriptionOids?: readonly string[]
  readonly slots: readonly Slot[]
  readonly origins: readonly ReplicationOrigin[]
  /** Absent where the extension is not installed in this database. */
  readonly pglogical?: Pglogical
  readonly largeObjects: number
  /** belt's own records in schema `belt` of this database; undefined when that schema is not there. */
  readonly records: readonly BeltRecord[] | undefined
  /** Set when there are such records but this user may not read them. */
  readonly recordsUnreadable?: true
  /** Names of the tables in schema `belt` (records, marker tables, states). */
  readonly beltTables: readonly string[]
  /** Lineages whose state is kept in schema `belt`; absent when no table of states is there, or it cannot be read. */
  readonly beltStates?: readonly string[]
  /** Roles that are granted SELECT on such a table and USAGE on the schema, by the table's name. */
  readonly beltReaders: Readonly<Record<string, readonly string[]>>
  /** Materialized views with whether they hold rows (relispopulated). */
  readonly materializedViews: readonly { readonly schema: string; readonly name: string; readonly populated: boolean }[]
  /** Relations that each view or materialized view reads. */
  readonly viewUses: readonly {
    readonly schema: string
    readonly name: string
    readonly uses: readonly { readonly schema: string; readonly name: string }[]
  }[]
  readonly script: SchemaScript
  readonly activity: Activity
}

/** A row of `belt.record`: what belt made or changed here, and what stood there before. */
export interface BeltRecord {
  readonly lineage: string
  readonly action: string
  /** The object's key, or a word for what has none (`database acl`). */
  readonly object: string
  /** What was there before belt's change, exactly enough to put it back; null when belt made it. */
  readonly before: unknown
  readonly at: string
}
