import type { PublishedTable } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../context.js'
import { BELT_SCHEMA } from '../scope.js'
import type { Stream } from './stream.js'

export interface Lack {
  readonly table: QualifiedName
  /** Quoted where needed; every one of them where the table is not there at all. */
  readonly columns: readonly string[]
  readonly there: boolean
}

/** What streamed tables have on the side that publishes and lack on the other, so that a row cannot be applied. */
export function missingColumns(
  context: MigrationContext,
  { publisher, subscriber, subscription }: Stream,
): readonly Lack[] {
  return publishedOf(context, publisher, subscription.publications).flatMap((table): readonly Lack[] => {
    if (table.schema === BELT_SCHEMA) return []
    const from = context[publisher].tableByName(table.schema, table.name)
    if (from === undefined) return []
    const to = context[subscriber].tableByName(table.schema, table.name)
    const has = new Set(to?.columns.map((c) => c.name))
    const columns = from.columns
      .filter((c) => c.generated === undefined && !has.has(c.name) && table.part?.columns?.includes(c.name) !== false)
      .map((c) => quoteIdent(c.name))
    return columns.length === 0 ? [] : [{ table, columns, there: to !== undefined }]
  })
}

function publishedOf(
  context: MigrationContext,
  publisher: Stream['publisher'],
  names: readonly string[],
): readonly PublishedTable[] {
  return names.flatMap((name) => {
    const lists = context[publisher].publicationByName(name) ?? context[publisher].replicationSetByName(name)
    return lists?.tables ?? []
  })
}
