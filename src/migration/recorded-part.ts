import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { IndexedCatalog } from '../catalog/indexed.js'
import type { Side } from '../core/side.js'
import type { TablePart } from '../core/table-part.js'

/** What of a table belt has published, as the record on the side that publishes tells. */
export interface RecordedPart {
  /** As the spec wrote it. */
  readonly part: TablePart
  /** Its filter as that server prints it. */
  readonly printed: string | null
}

export function partId(publisher: Side): ActionId {
  return actionId('part', publisher)
}

/** `relation` as quoteQualified writes it; undefined too for a record that this release did not write. */
export function recordedPart(catalog: IndexedCatalog, lineage: string, relation: string): RecordedPart | undefined {
  const record = (catalog.records ?? []).find(
    (r) => r.lineage === lineage && r.action === partId(catalog.side) && r.object === relation,
  )
  const before = record?.before
  return typeof before === 'object' && before !== null && 'part' in before ? (before as RecordedPart) : undefined
}
