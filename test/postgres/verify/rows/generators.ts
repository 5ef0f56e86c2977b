import { fc } from '../../../support/properties.js'

/** A value as the SQL literal that makes it; null for NULL. */
export type Literal = string | null

export interface ColumnKind {
  readonly type: string
  readonly literal: fc.Arbitrary<string>
}

export interface RandomTable {
  readonly columns: readonly ColumnKind[]
  /** How many of the first columns are the key; 0 for a keyless table. */
  readonly keyColumns: number
  readonly source: readonly (readonly Literal[])[]
  readonly target: readonly (readonly Literal[])[]
  readonly chunkRows: number
  /** The target has its columns the other way round. */
  readonly reversed: boolean
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Few different values, of the sort that text concatenation, casts and quoting confuse. */
const TEXT = fc
  .array(
    fc.constantFrom('a', 'b', '', ' ', ',', '"', "'", '\\', '(', ')', '{', '}', 'NULL', 'é', '1', '0', '-', '\n'),
    { maxLength: 3 },
  )
  .map((parts) => quoted(parts.join('')))

const NUMBER = fc.constantFrom('0', '1', '-1', '2147483647', '-2147483648', '10', '1', '0')

/** `key`: sorted alike everywhere, or not; all can be a key. */
const KEY_KINDS: readonly ColumnKind[] = [
  { type: 'int', literal: NUMBER },
  { type: 'bigint', literal: fc.constantFrom('0', '1', '4294967296', '-4294967297', '9223372036854775807', '-1') },
  { type: 'text', literal: TEXT },
  { type: 'text collate "C"', literal: TEXT },
  { type: 'varchar(8)', literal: TEXT },
  { type: 'char(3)', literal: TEXT },
  {
    type: 'uuid',
    literal: fc
      .integer({ min: 0, max: 20 })
      .map((n) => `'00000000-0000-0000-0000-0000000000${String(n).padStart(2, '0')}'`),
  },
  { type: 'numeric', literal: fc.constantFrom('0', '0.0', '1', '1.0', '1.00', "'NaN'", '-1e20', '1e-20') },
  { type: 'date', literal: fc.constantFrom("'infinity'", "'-infinity'", "'2024-02-29'", "'0001-01-01 BC'") },
  { type: 'timestamptz', literal: fc.constantFrom("'infinity'", "'2024-02-29 00:00:00.000001Z'", "'2024-02-29Z'") },
  { type: 'bytea', literal: fc.constantFrom("'\\x'", "'\\x00'", "'\\x0000'", "'\\xff'") },
  { type: 'boolean', literal: fc.constantFrom('true', 'false') },
  { type: '"Odd ""type"', literal: fc.constantFrom("'x'", "'y,z'", "'NULL'") },
]

const KINDS: readonly ColumnKind[] = [
  ...KEY_KINDS,
  { type: 'float8', literal: fc.constantFrom("'0'", "'-0'", "'NaN'", "'Infinity'", "'0.1'", "'1e-300'") },
  { type: 'json', literal: fc.constantFrom("'{}'", "'{ }'", "'null'", "'[1,1.0]'") },
  { type: 'jsonb', literal: fc.constantFrom("'{}'", "'null'", "'[1]'", "'[1.0]'") },
  {
    type: 'text[]',
    literal: fc
      .array(fc.constantFrom('NULL', '"NULL"', 'a', '""', '"a,b"'), { maxLength: 3 })
      .map((a) => quoted(`{${a.join(',')}}`)),
  },
  { type: 'interval', literal: fc.constantFrom("'1 day'", "'24 hours'", "'1 mon'", "'30 days'", "'-1 sec'") },
  { type: 'int4range', literal: fc.constantFrom("'empty'", "'[1,2]'", "'(,)'", "'[1,)'") },
  { type: 'odd.both', literal: fc.constantFrom("'(,)'", '\'("",)\'', "'(a,1)'", '\'("a,1",)\'') },
  { type: 'xml', literal: fc.constantFrom("'<a/>'", "'<a></a>'", "'x'") },
]

/** What a random table stands on. */
export const PRELUDE = `
  create schema odd;
  create type "Odd ""type" as enum ('y,z', 'x', 'NULL');
  create type odd."both" as (a text, b int)`

function value(kind: ColumnKind, mayBeNull: boolean): fc.Arbitrary<Literal> {
  return mayBeNull ? fc.option(kind.literal, { nil: null, freq: 4 }) : kind.literal
}

/** Two sides that mostly agree: the target is the source with a few random changes, or rows of its own. */
export const RANDOM_TABLE: fc.Arbitrary<RandomTable> = fc
  .tuple(
    fc.array(fc.constantFrom(...KEY_KINDS), { maxLength: 2 }),
    fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 4 }),
  )
  .chain(([keys, others]) => {
    const columns = [...keys, ...others]
    const row = fc
      .tuple(...columns.map((kind, nth) => value(kind, nth >= keys.length)))
      .map((r): readonly Literal[] => r)
    const edit = fc.record({
      at: fc.nat({ max: 30 }),
      kind: fc.constantFrom('change', 'delete', 'insert', 'copy', 'swap'),
      row,
      column: fc.nat({ max: 5 }),
    })
    return fc
      .record({
        source: fc.array(row, { maxLength: 12 }),
        edits: fc.array(edit, { maxLength: 4 }),
        chunkRows: fc.integer({ min: 1, max: 6 }),
        reversed: fc.boolean(),
      })
      .map(({ source, edits, chunkRows, reversed }) => {
        const target = [...source]
        for (const { at, kind, row: fresh, column } of edits) {
          const place = target.length === 0 ? 0 : at % target.length
          const old = target[place]
          const where = column % columns.length
          if (kind === 'insert') target.push(fresh)
          else if (kind === 'copy') target.push(source[at % Math.max(1, source.length)] ?? fresh)
          else if (old === undefined) continue
          else if (kind === 'delete') target.splice(place, 1)
          else if (kind === 'change') target[place] = old.map((v, nth) => (nth === where ? (fresh[nth] ?? null) : v))
          else {
            const next = (place + 1) % target.length
            const other = target[next] ?? old
            target[place] = old.map((v, nth) => (nth === where ? (other[nth] ?? null) : v))
            target[next] = other.map((v, nth) => (nth === where ? (old[nth] ?? null) : v))
          }
        }
        const fixed = (rows: readonly (readonly Literal[])[]): readonly (readonly Literal[])[] =>
          rows.map((r) => r.map((v, nth) => (v === null && nth < keys.length ? '0' : v)))
        return { columns, keyColumns: keys.length, source: fixed(source), target: fixed(target), chunkRows, reversed }
      })
  })
