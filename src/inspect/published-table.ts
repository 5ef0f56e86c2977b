import type { PublishedTable } from '../catalog/replication.js'
import { optional } from './optional.js'

export interface MemberRow {
  readonly schema: string
  readonly name: string
  readonly filter: string | null
  readonly columns: readonly string[] | null
}

export function publishedTable({ schema, name, filter, columns }: MemberRow): PublishedTable {
  const part = { ...optional('filter', filter), ...optional('columns', columns) }
  return { schema, name, ...(filter === null && columns === null ? {} : { part }) }
}
