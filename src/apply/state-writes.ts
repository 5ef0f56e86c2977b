import type { OpenState } from '../state/state-store.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'

/** Waits for a write of the state no longer than the run may go on: it may live on a server that does not answer. */
export async function unlessAborted(writing: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([writing, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Closes the state after the work. What made the work fail is what has to be told, also when closing fails as well. */
export async function closing<Result>(
  state: OpenState,
  input: ApplyInput,
  emit: (happening: ApplyHappening) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let result: Result
  try {
    result = await work()
  } catch (error) {
    await state.close().catch((why: unknown) => {
      emit({ type: 'notice', message: `the state was not closed: ${messageOf(why, input)}` })
    })
    throw error
  }
  await state.close()
  return result
}

export function messageOf(error: unknown, { secrets }: Pick<ApplyInput, 'secrets'>): string {
  return secrets.redact(error instanceof Error ? error.message : String(error))
}
