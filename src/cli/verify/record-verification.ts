import { verificationEvidence } from '../../apply/comparison/evidence.js'
import { LockedError } from '../../core/error.js'
import { settingsOfSides, type SidesInput } from '../../inspect/both-sides.js'
import { withRunLock } from '../../postgres/advisory-lock.js'
import { runLockKey } from '../../postgres/lock-key.js'
import type { Verification } from '../../render/verify/verification.js'
import type { StateStore } from '../../state/state-store.js'
import { verificationMarks } from '../../state/verification-mark.js'
import type { StreamCompared } from '../../verify/online/compare-stream.js'

const LOCK_WAIT_MS = 10_000

/**
 * Writes the result into the state, under the run lock as everything that writes there. Comparing needs no lock, so a
 * run may be at work meanwhile: then the result is shown and not kept. Returns why it was not kept.
 */
export async function recordVerification(
  verification: Verification,
  compared: StreamCompared,
  lineage: string,
  sides: SidesInput,
  store: StateStore,
  signal: AbortSignal,
): Promise<string | undefined> {
  if ((await store.read()) === undefined) return `there is no state yet at ${store.location}`
  const { name, source, target } = verification
  try {
    await withRunLock(
      settingsOfSides(sides).target,
      runLockKey(lineage),
      signal,
      async () => {
        const state = await store.open({ name, lineage, source, target })
        try {
          const { verdict, depth, patterns, publisher, notCompared, schema } = verification
          const about = { verdict, depth, patterns, publisher, notCompared: notCompared.length }
          const structureDifferences = schema?.findings.length ?? null
          const evidence = verificationEvidence({ ...about, structureDifferences }, compared)
          const at = new Date().toISOString()
          for (const mark of verificationMarks(evidence)) {
            await state.append({ kind: 'mark-set', mark, at, evidence: { ...evidence } })
          }
        } finally {
          await state.close()
        }
      },
      { waitMs: LOCK_WAIT_MS },
    )
    return undefined
  } catch (error) {
    if (error instanceof LockedError) return error.message
    throw error
  }
}
