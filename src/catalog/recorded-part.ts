import { canonicalJson } from '../core/fingerprint.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import { isLikePart } from '../core/table-part.js'
import type { TablePart } from '../core/table-part.js'
import type { Catalog } from './catalog.js'
import type { PublishedTable } from './replication.js'

/** Name of the record of what belt has published of a table, on the side that publishes. */
export function partRecord(publisher: Side): string {
  return `part.${publisher}`
}

interface RecordedPart {
  /** As the spec wrote it. */
  readonly part: TablePart
  /** Its filter as that server prints it. */
  readonly printed: string | null
}

/** Whether a table stands in a publication or set as it is wanted there. */
export type IsAsWanted = (wanted: PublishedTable, found: PublishedTable) => boolean

/**
 * A server does not keep the text of a filter, so one that was changed on either hand shows in the record alone. A record that
 * cannot be read, or is not there, proves no difference and no likeness: the first counts as like, the second as not.
 */
export function partsAsRecorded({ records, side }: Pick<Catalog, 'records' | 'side'>, lineage: string): IsAsWanted {
  const recorded = new Map(
    (records ?? [])
      .filter((r) => r.lineage === lineage && r.action === partRecord(side))
      .map((r) => [r.object, recordedPart(r.before)]),
  )
  return (wanted, found) => {
    if (!isLikePart(wanted.part, found.part)) return false
    if (wanted.part === undefined || records === undefined) return true
    const noted = recorded.get(quoteQualified(wanted.schema, wanted.name))
    return (
      noted !== undefined &&
      canonicalJson(noted.part) === canonicalJson(wanted.part) &&
      (noted.printed ?? undefined) === found.part?.filter
    )
  }
}

/** undefined too for one that this release did not write. */
function recordedPart(before: unknown): RecordedPart | undefined {
  return typeof before === 'object' && before !== null && 'part' in before ? (before as RecordedPart) : undefined
}
