/** A type by its place in the catalogs; `name` as pg_type has it (`int4`, `bpchar`). */
export interface TypeName {
  readonly schema: string
  readonly name: string
}

export interface ColumnShape {
  readonly name: string
  /** format_type, for messages. */
  readonly shown: string
  /** What is left when domains are taken off. */
  readonly base: TypeName
}

export interface KeyColumnShape {
  readonly name: string
  readonly base: TypeName
  /** `schema.=` of the index' operator class, for OPERATOR(). */
  readonly equality: string
  /**
   * In which order the index has the values: `type` without a collation, `bytes` for "C" and its like, provider, locale
   * and version otherwise; null when the version is not known, so that nobody can say whether two servers agree.
   */
  readonly order: string | null
}

/** A valid unique index without expression, predicate or nullable column. */
export interface KeyShape {
  readonly index: string
  readonly columns: readonly KeyColumnShape[]
  /** Every column ascending with the type's own operator class: row comparisons can use it. */
  readonly plain: boolean
}

/** One table as one side has it, as far as comparing its rows needs. */
export interface TableShape {
  readonly oid: number
  /** pg_class.relkind. */
  readonly kind: string
  readonly columns: readonly ColumnShape[]
  /** Best first: what replication identifies rows by, the primary key, others. */
  readonly keys: readonly KeyShape[]
  /** Estimates. */
  readonly rows: number
  readonly bytes: number
  /** Blocks of the heap now. */
  readonly pages: number
  /** By column: how far the physical order follows the column's (pg_stats.correlation), where it is known. */
  readonly correlation: Readonly<Record<string, number>>
}

export interface SideShape {
  readonly major: number
  /** e.g. UTF8. */
  readonly encoding: string
  /** By quoted name; a table that is not there is left out. */
  readonly tables: ReadonlyMap<string, TableShape>
}
