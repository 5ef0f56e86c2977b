/** What the source says of the part of a table that the spec wants. */
export interface PartProbe {
  /** The table, as quoteQualified writes it. */
  readonly relation: string
  /** Why the filter cannot be asked of the key's columns, in the server's words. */
  readonly refused?: string
  /** Columns left out that are NOT NULL and have no default, so that a row without them is refused. */
  readonly withoutDefault: readonly string[]
}
