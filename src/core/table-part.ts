/** Kinds of change that a publication (`publish`) and a replication set tell apart. */
export const OPERATIONS = ['insert', 'update', 'delete', 'truncate'] as const
export type Operation = (typeof OPERATIONS)[number]

/** What of a table travels where not all of it does; absent members leave nothing out. */
export interface TablePart {
  /** A condition in SQL on the table's columns: only rows for which it is true. */
  readonly filter?: string
  /** The only columns, sorted by name. */
  readonly columns?: readonly string[]
  /** The only kinds of change once the rows are copied, in the order of OPERATIONS. */
  readonly operations?: readonly Operation[]
}

/** As people read it: `rows where region = 'eu'; columns id, region; changes insert`. */
export function partText({ filter, columns, operations }: TablePart): string {
  return [
    ...(filter === undefined ? [] : [`rows where ${filter.replaceAll(/\s+/g, ' ').trim()}`]),
    ...(columns === undefined ? [] : [`columns ${columns.join(', ')}`]),
    ...(operations === undefined ? [] : [`changes ${operations.join(', ')}`]),
  ].join('; ')
}

/**
 * Both have a filter or none, and the same columns. Two texts of one filter differ, for servers print it anew; operations are
 * those of the publication or set that the table is in.
 */
export function isLikePart(one: TablePart | undefined, other: TablePart | undefined): boolean {
  const columns = (part: TablePart | undefined): string => JSON.stringify([...(part?.columns ?? [])].sort())
  return (
    (one?.filter === undefined) === (other?.filter === undefined) &&
    (one?.columns === undefined) === (other?.columns === undefined) &&
    columns(one) === columns(other)
  )
}
