import { BeltError } from '../core/error.js'

/** The statement did not finish because belt was asked to stop. */
export function aborted(signal: AbortSignal): BeltError {
  const reason: unknown = signal.reason
  return reason instanceof BeltError ? reason : new BeltError('aborted', 'stopped on request', { cause: reason })
}

/** A call rather than a condition: the compiler believes that a signal once seen unfired stays so. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted(signal)
}
