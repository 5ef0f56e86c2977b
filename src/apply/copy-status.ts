import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteQualified } from '../core/quote.js'
import type { TableCopyProgress } from '../inspect/table-copy-progress.js'
import type { TableProgress } from './apply-event.js'

/** Bytes by quoted table name. */
export type CopySizes = ReadonlyMap<string, number>

export interface CopyStatus {
  readonly ready: number
  readonly doneBytes: number
  readonly totalBytes: number
  /** Tables being copied now. */
  readonly tables: readonly TableProgress[]
  /** Changes whenever anything has moved. */
  readonly standing: string
}

/**
 * Adds up the copy. Text sent over the wire and bytes of a table are not the same, so a running table counts as at most
 * its whole size; a finished one counts fully.
 */
export function copyStatus(
  wanted: readonly QualifiedName[],
  progress: readonly TableCopyProgress[],
  sizes: CopySizes,
  arrived: CopySizes,
): CopyStatus {
  const byName = new Map(progress.map((p) => [quoteQualified(p.schema, p.name), p]))
  let ready = 0
  let doneBytes = 0
  let totalBytes = 0
  const tables: TableProgress[] = []
  const standing: string[] = []
  for (const name of wanted.map((t) => quoteQualified(t.schema, t.name))) {
    const p = byName.get(name)
    const size = sizes.get(name)
    totalBytes += size ?? 0
    if (p?.state === 'ready') ready += 1
    const bytes = p?.bytes ?? arrived.get(name)
    const copied = p?.state === 'ready' || p?.state === 'synchronized' || p?.state === 'finished copy'
    doneBytes += copied ? (size ?? 0) : Math.min(bytes ?? 0, size ?? 0)
    if (p?.state === 'data') tables.push({ table: name, bytes, totalBytes: size, rows: p.rows })
    if (p?.state !== 'ready') standing.push(`${name} ${p?.state ?? 'absent'} ${bytes ?? ''} ${p?.rows ?? ''}`)
  }
  return { ready, doneBytes, totalBytes, tables, standing: standing.join('\n') }
}
