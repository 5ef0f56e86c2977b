/** A signal that fires when the time is up, or with one of the others, whichever is first. */
export interface Deadline {
  readonly signal: AbortSignal
  /** The time was up, and nobody else had fired before. */
  readonly passed: () => boolean
  /** The work is over: nothing fires any more. */
  readonly end: () => void
}

/** setTimeout takes no more, and would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * AbortSignal.timeout inside AbortSignal.any is collected as garbage, and then never fires: seen on Node 20 whenever
 * nothing else holds it. Here the timer itself holds the controller.
 */
export function startDeadline(ms: number, ...others: readonly AbortSignal[]): Deadline {
  const controller = new AbortController()
  let passed = false
  const follow = others.map((other) => {
    const fire = (): void => controller.abort(other.reason)
    if (other.aborted) fire()
    else other.addEventListener('abort', fire, { once: true })
    return () => other.removeEventListener('abort', fire)
  })
  const timer = setTimeout(
    () => {
      if (controller.signal.aborted) return
      passed = true
      controller.abort(new DOMException('The time is up', 'TimeoutError'))
    },
    Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms))),
  )
  return {
    signal: controller.signal,
    passed: () => passed,
    end: () => {
      clearTimeout(timer)
      for (const unfollow of follow) unfollow()
    },
  }
}

/** Lends such a signal to `use`. */
export async function withDeadline<Result>(
  ms: number,
  others: readonly AbortSignal[],
  use: (signal: AbortSignal, passed: () => boolean) => Promise<Result>,
): Promise<Result> {
  const deadline = startDeadline(ms, ...others)
  try {
    return await use(deadline.signal, deadline.passed)
  } finally {
    deadline.end()
  }
}
