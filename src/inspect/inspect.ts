import type { Catalog } from '../catalog/catalog.js'
import type { SchemaScript } from '../catalog/schema-script.js'
import type { Side } from '../core/side.js'
import type { Session } from '../postgres/session.js'
import { inTransaction } from '../postgres/transaction.js'
import { readActivity } from './activity.js'
import { openCatalogReader } from './catalog-reader.js'
import { exportSnapshot } from './export-snapshot.js'
import { seemsPooled } from './pooled.js'
import { readCatalog } from './read-catalog.js'
import { readLastValues } from './sequence-values.js'
import { together } from './together.js'

export interface InspectInput {
  /** Which of the two databases the session is connected to. */
  readonly side: Side
}

/**
 * Makes the schema script in the given snapshot (pg_dump --snapshot), which lives as long as the inspection's
 * transaction. The signal also fires when the inspection fails meanwhile.
 */
export type MakeScript = (snapshotId: string, signal: AbortSignal) => Promise<SchemaScript>

/**
 * Reads everything the planner needs of one side in one repeatable-read, read-only transaction, the script at the same
 * time in the same snapshot. Changes nothing, waits for nobody's table lock, and needs no more rights than any role
 * has: what may not be read is `unreadable` or missing. Servers 12 to 18; of newer ones what belt knows.
 *
 * @throws BeltError from the session, `disk-full`, and whatever `script` throws
 */
export async function inspectDatabase(
  session: Session,
  input: InspectInput,
  script: MakeScript,
  signal: AbortSignal,
): Promise<Catalog> {
  const pooled = await seemsPooled(session)
  return inTransaction(session, { isolation: 'repeatable read', readOnly: true }, async () => {
    const snapshot = await exportSnapshot(session, input.side)
    // Before the script begins: its own session and transaction are nobody's business.
    const activity = await readActivity(session)
    const [{ sequenceShapes, reader, ...facts }, objects] = await together(
      signal,
      async (either) => {
        const reader = await openCatalogReader(session, either)
        return { ...(await readCatalog(reader, pooled)), reader }
      },
      (either) => script(snapshot, either),
    )
    return {
      ...facts,
      side: input.side,
      script: objects,
      sequences: await readLastValues(reader, sequenceShapes),
      activity,
    }
  })
}
