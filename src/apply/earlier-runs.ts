import { SIDES } from '../core/side.js'
import { withConnection } from '../postgres/connect.js'
import { waitForOrphans } from '../postgres/orphans.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { interrupted } from './action-failed.js'
import { waiterOfOrphan } from './waiter.js'

/** Killing belt does not end its statements: waits until the servers have ended those of earlier runs, telling which. */
export async function waitForEarlierRuns(
  input: ApplyInput,
  signal: AbortSignal,
  emit: (happening: ApplyHappening) => void,
): Promise<void> {
  for (const side of SIDES) {
    if (side === input.spec.gone) continue
    const settings = input.connections[side]
    let told = 0
    await withConnection(settings, signal, (session) =>
      waitForOrphans(session, input.spec.name, settings.applicationName, signal, {
        onProgress: (orphans) => {
          const now = performance.now()
          if (told !== 0 && now - told < 2_000) return
          told = now
          emit({ type: 'orphans-waiting', side, orphans: orphans.map(waiterOfOrphan) })
        },
      }),
    ).catch((error: unknown) => {
      throw input.stop.aborted ? interrupted() : error
    })
  }
}
