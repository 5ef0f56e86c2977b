import { sleep } from '../postgres/sleep.js'

export interface WatchOptions {
  /** Milliseconds before the first look; 2,000. */
  readonly afterMs?: number
  /** 2,000. */
  readonly everyMs?: number
}

/** Runs `work` and, while it takes long, calls `look` every now and then from another session. */
export async function whileWatching<Result>(
  work: () => Promise<Result>,
  look: (elapsedMs: number) => Promise<void>,
  options: WatchOptions = {},
): Promise<Result> {
  const done = new AbortController()
  const watching = watch(look, done.signal, options)
  try {
    return await work()
  } finally {
    done.abort()
    await watching
  }
}

async function watch(
  look: (elapsedMs: number) => Promise<void>,
  done: AbortSignal,
  options: WatchOptions,
): Promise<void> {
  const started = performance.now()
  for (let wait = options.afterMs ?? 2_000; ; wait = options.everyMs ?? 2_000) {
    // What goes wrong while looking on must not spoil the work; a lost session shows at the next fence.
    const seen = await sleep(wait, done)
      .then(() => look(Math.round(performance.now() - started)))
      .then(
        () => true,
        () => false,
      )
    if (!seen) return
  }
}
