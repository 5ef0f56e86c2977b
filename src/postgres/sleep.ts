import { setTimeout as timer } from 'node:timers/promises'
import { throwIfAborted } from './aborted.js'

/** Waits, or throws `aborted` as soon as the signal fires. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal)
  try {
    await timer(ms, undefined, { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}
