/**
 * Runs both at the same time. When one fails the other's signal fires, and the first failure is thrown once both have
 * come to an end: nothing goes on behind the caller's back.
 */
export async function together<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
): Promise<readonly [A, B]> {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const run = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(either)
    } catch (error) {
      failure.abort(error)
      throw error
    }
  }
  const [a, b] = await Promise.allSettled([run(first), run(second)])
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value]
  signal.throwIfAborted()
  throw failure.signal.reason
}
