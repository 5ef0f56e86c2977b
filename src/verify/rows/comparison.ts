import type { PublishedTable } from '../../catalog/replication.js'
import { quoteQualified } from '../../core/quote.js'
import type { TablePart } from '../../core/table-part.js'
import { comparedColumn } from './canonical-column.js'
import type { ComparedColumn } from './canonical-column.js'
import type { KeyColumnShape, KeyShape, SideShape, TableShape } from './side-shape.js'

export interface ComparedKey {
  readonly columns: readonly KeyColumnShape[]
}

/** How one table's rows are compared. */
export interface Comparison {
  readonly schema: string
  readonly table: string
  /** As quoteQualified writes it. */
  readonly name: string
  /** By name, in one order for both sides. */
  readonly columns: readonly ComparedColumn[]
  /** What names a row; undefined for a keyless table, which is compared as a multiset. */
  readonly key: ComparedKey | undefined
  /**
   * `ranges`: both sides have the key's index in the same order, and the rows lie about in it. `buckets`: the whole table
   * in the order it lies in, summed up by a hash of the key (of the row when keyless).
   */
  readonly method: 'ranges' | 'buckets'
  /** Only rows for which this condition is true are compared; the target should hold no others. */
  readonly filter?: string
  readonly shapes: { readonly source: TableShape; readonly target: TableShape }
  /** Estimates of the bigger side. */
  readonly rows: number
  readonly rowBytes: number
}

export interface Paired {
  readonly comparison?: Comparison
  /** What keeps the rows from being compared as they are, or some columns from being compared at all. */
  readonly structure: readonly string[]
  /** Why it has no rows of its own to compare. */
  readonly unable?: string
}

/** Below this an index can be read in any order: the table stays in memory. */
const SMALL_BYTES = 64 * 1024 * 1024
/** A heap that follows its key less than this would be read page by page at random. */
const FOLLOWS = 0.5

/** Types that every server sorts alike; text only with a collation that both sides agree on. */
const ORDERED: ReadonlySet<string> = new Set([
  ...['int2', 'int4', 'int8', 'oid', 'numeric', 'bytea', 'uuid', 'date', 'time', 'timestamp', 'timestamptz'],
  ...['text', 'varchar'],
])

export function pairTable(table: PublishedTable, source: SideShape, target: SideShape): Paired {
  const name = quoteQualified(table.schema, table.name)
  const one = narrowed(source.tables.get(name), table.part)
  const other = narrowed(target.tables.get(name), table.part)
  if (one === undefined || other === undefined) {
    const where = one === undefined ? (other === undefined ? 'either side' : 'the source') : 'the target'
    return { structure: [`the table is not on ${where}`] }
  }
  // Partitioned tables have their rows in partitions, which are tables of their own; others keep none, or not here.
  const odd = [one, other].find((t) => t.kind !== 'r' && t.kind !== 'm')
  if (odd !== undefined)
    return { structure: [], unable: 'it is no plain table: its rows are in its partitions or elsewhere' }
  const theirs = new Map(other.columns.map((c) => [c.name, c]))
  const ours = new Set(one.columns.map((c) => c.name))
  const both = one.columns.flatMap((c) => {
    const there = theirs.get(c.name)
    return there === undefined ? [] : [{ here: c, there }]
  })
  const structure = [
    ...one.columns.filter((c) => !theirs.has(c.name)).map((c) => `column ${c.name} is only on the source`),
    ...other.columns.filter((c) => !ours.has(c.name)).map((c) => `column ${c.name} is only on the target`),
    ...both
      .filter(({ here, there }) => here.shown !== there.shown)
      .map(({ here, there }) => `column ${here.name} is ${here.shown} on the source and ${there.shown} on the target`),
  ]
  const { key, ordered } = chooseKey(one, other, source.encoding === target.encoding)
  const rows = Math.max(one.rows, other.rows)
  const bytes = Math.max(one.bytes, other.bytes)
  const method = key !== undefined && ordered && (bytes <= SMALL_BYTES || follows(one, key)) ? 'ranges' : 'buckets'
  const comparison: Comparison = {
    schema: table.schema,
    table: table.name,
    name,
    columns: both.map(({ here, there }) => comparedColumn(here, there)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    key,
    method,
    ...(table.part?.filter === undefined ? {} : { filter: table.part.filter }),
    shapes: { source: one, target: other },
    rows,
    rowBytes: rows === 0 ? 100 : Math.max(1, bytes / rows),
  }
  return { comparison, structure }
}

/** With the columns that move. */
function narrowed(shape: TableShape | undefined, part: TablePart | undefined): TableShape | undefined {
  const columns = part?.columns
  if (shape === undefined || columns === undefined) return shape
  return {
    ...shape,
    columns: shape.columns.filter((c) => columns.includes(c.name)),
    keys: shape.keys.filter((k) => k.columns.every((c) => columns.includes(c.name))),
  }
}

function follows(table: TableShape, key: ComparedKey): boolean {
  const [first] = key.columns
  const correlation = first === undefined ? undefined : table.correlation[first.name]
  return correlation === undefined || Math.abs(correlation) >= FOLLOWS
}

/** The first key of the source that the target has too; else the source's first, whose index then helps nobody. */
function chooseKey(
  source: TableShape,
  target: TableShape,
  sameEncoding: boolean,
): { readonly key: ComparedKey | undefined; readonly ordered: boolean } {
  for (const key of source.keys) {
    const there = target.keys.find((k) => sameColumns(k, key))
    if (there !== undefined) return { key, ordered: sameOrder(key, there, sameEncoding) }
  }
  const names = new Set(target.columns.map((c) => c.name))
  const key = source.keys.find((k) => k.columns.every((c) => names.has(c.name)))
  return { key, ordered: false }
}

function sameColumns(one: KeyShape, other: KeyShape): boolean {
  const text = (key: KeyShape): string => JSON.stringify(key.columns.map((c) => [c.name, c.base.schema, c.base.name]))
  return text(one) === text(other)
}

function sameOrder(one: KeyShape, other: KeyShape, sameEncoding: boolean): boolean {
  if (!one.plain || !other.plain) return false
  return one.columns.every((c, nth) => {
    const there = other.columns[nth]
    if (c.base.schema !== 'pg_catalog' || !ORDERED.has(c.base.name) || c.order === null) return false
    return c.order === there?.order && (c.order === 'type' || sameEncoding)
  })
}
