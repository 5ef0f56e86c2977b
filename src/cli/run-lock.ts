import type { Side } from '../core/side.js'
import { withBothSides } from '../inspect/both-sides.js'
import type { ConnectionSettings, ResolveSecret } from '../postgres/connection-settings.js'
import { findLockHolder, type LockHolder } from '../postgres/lock-holder.js'
import { runLockKey } from '../postgres/lock-key.js'
import type { Spec } from '../spec/spec.js'
import type { CliContext } from './context.js'
import { sidesOf } from './sides.js'
import { lightContext } from './status/light-context.js'

/** A session that holds the run lock on one side, and the connection on which that was seen. */
export interface HeldLock {
  readonly side: Side
  readonly holder: LockHolder
  readonly settings: ConnectionSettings
}

/** Who holds the run lock of a migration: every run takes it on the target, one that hands over on both sides. */
export async function findRunLocks(
  spec: Spec,
  resolveSecret: ResolveSecret,
  context: CliContext,
): Promise<readonly HeldLock[]> {
  const signal = context.interrupts.cancel
  return withBothSides(sidesOf(spec, resolveSecret, context), signal, async (both) => {
    const { names } = await lightContext(both, undefined, signal)
    const held: HeldLock[] = []
    for (const side of ['target', 'source'] as const) {
      if (side === spec.gone) continue
      const holder = await findLockHolder(both.sessions[side], runLockKey(names.lineage))
      if (holder !== undefined) held.push({ side, holder, settings: both.settings[side] })
    }
    return held
  })
}
