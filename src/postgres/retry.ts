import { classifyError } from './driver-error.js'
import { sleep } from './sleep.js'
import type { FailureClass } from './sqlstate.js'

/** A failed try that will be repeated. */
export interface RetryEvent {
  /** 1 for the first try. */
  readonly attempt: number
  readonly failure: FailureClass
  readonly error: unknown
  /** Milliseconds until the next try. */
  readonly waitMs: number
  /** Milliseconds since the first try began. */
  readonly elapsedMs: number
}

export interface RetryOptions {
  readonly signal: AbortSignal
  /** No new try begins later than this after the first one; 60,000 ms. */
  readonly maxMs?: number
  /** The first wait, doubled each time up to `capMs`; 100 ms. */
  readonly baseMs?: number
  /** 5,000 ms. */
  readonly capMs?: number
  /** `connection-lost` too: only for work that opens its own session and probes or may run twice. */
  readonly reconnects?: boolean
  readonly onRetry?: (event: RetryEvent) => void
  /** 0 to 1; Math.random unless a test wants to know. */
  readonly random?: () => number
}

/** Runs `work` until it succeeds, fails for good, or the time is up; then the last error is thrown as it is. */
export async function retry<Result>(
  work: (attempt: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { signal, maxMs = 60_000, baseMs = 100, capMs = 5_000, random = Math.random } = options
  const started = performance.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      const failure = classifyError(error)
      const again = failure === 'retryable' || (failure === 'connection-lost' && options.reconnects === true)
      // Half fixed, half random: two runs that failed together must not meet again.
      const full = Math.min(capMs, baseMs * 2 ** (attempt - 1))
      const waitMs = Math.round(full / 2 + (full / 2) * random())
      const elapsedMs = Math.round(performance.now() - started)
      if (!again || signal.aborted || elapsedMs + waitMs > maxMs) throw error
      options.onRetry?.({ attempt, failure, error, waitMs, elapsedMs })
      await sleep(waitMs, signal)
    }
  }
}
