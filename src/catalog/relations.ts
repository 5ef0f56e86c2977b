export interface Column {
  readonly name: string
  /** format_type(atttypid, atttypmod) with an empty search_path. */
  readonly type: string
  readonly notNull: boolean
  /** Stored or virtual (18+) generated column. */
  readonly generated: 'stored' | 'virtual' | undefined
  readonly identity: 'always' | 'by default' | undefined
  /** The type (or its domain base, element, or member types) has an equality operator in a default btree or hash class. */
  readonly equality: boolean
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly oid: number
  readonly kind: 'table' | 'partitioned table' | 'foreign table'
  readonly persistence: 'permanent' | 'unlogged'
  readonly owner: string
  /** The partitioned table or tables (INHERITS) right above it. */
  readonly parents: readonly { readonly schema: string; readonly name: string }[]
  readonly isPartition: boolean
  /** Columns in attnum order, dropped ones left out. */
  readonly columns: readonly Column[]
  /** pg_class.relreplident. */
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | 'index'
  /** Columns of the index that identifies a row in replication (primary key by default), empty when there is none. */
  readonly identityColumns: readonly string[]
  /** Name of that index. */
  readonly identityIndex?: string
  /** Grantees of SELECT on the whole table, the owner included; '' is PUBLIC. */
  readonly readers: readonly string[]
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  readonly accessMethod: string
  readonly volatile: {
    /** pg_class.reltuples; -1 when never analyzed (14+). */
    readonly rows: number
    /** pg_table_size: heap, TOAST and maps, without indexes. */
    readonly bytes: number
    /** pg_relation_size: 0 when nothing was ever written since it was made or truncated. */
    readonly heapBytes: number
    readonly updates: number
    readonly deletes: number
    /** Total n_tup_ins + n_tup_upd + n_tup_del since statistics were reset. */
    readonly writes: number
  }
}

export interface Index {
  readonly schema: string
  readonly name: string
  readonly table: string
  readonly unique: boolean
  readonly primary: boolean
  readonly valid: boolean
  readonly ready: boolean
  /** Name of the constraint it stands for. */
  readonly constraint?: string
  readonly partitioned: boolean
  /** relreplident = 'i' points at it. */
  readonly replicaIdentity: boolean
  readonly volatile: { readonly bytes: number }
}

export interface Constraint {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly type: 'primary key' | 'unique' | 'exclude' | 'check' | 'foreign key' | 'not null' | 'trigger'
  readonly validated: boolean
  /** It comes with the parent table's constraint: conparentid is set, or it is inherited and not declared here. */
  readonly inherited: boolean
  /** Set for NOT ENFORCED (18+), which is never validated. */
  readonly enforced?: false
  readonly references?: { readonly schema: string; readonly name: string }
}

export interface Sequence {
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly start: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly cycle: boolean
  readonly cache: string
  readonly ownedBy?: { readonly schema: string; readonly table: string; readonly column: string }
  /** Last value given out; undefined when never called, or when reading it was not possible without waiting. */
  readonly volatile: { readonly lastValue: string | undefined }
}

export interface Trigger {
  readonly schema: string
  readonly table: string
  readonly name: string
  /** tgenabled: O origin, D disabled, R replica, A always. */
  readonly enabled: 'origin' | 'disabled' | 'replica' | 'always'
  /** Set for a partition's copy of its parent's trigger: no statement of its own made it, but its enablement is its own. */
  readonly inherited?: true
}

export interface EventTrigger {
  readonly name: string
  readonly event: string
  readonly enabled: 'origin' | 'disabled' | 'replica' | 'always'
}
