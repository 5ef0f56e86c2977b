/** Ctrl-C, what ends a service or a CI job, and the end of the terminal or of its connection. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** What these signals have asked for so far. */
export interface Interrupts {
  /** Fires at the first: finish what runs, start nothing more. */
  readonly stop: AbortSignal
  /** Fires at the second, or at the first unless `graceful` was called: cancel what runs on the server. */
  readonly cancel: AbortSignal
  readonly received: () => StopSignal | undefined
  /** From now on the first signal only stops. `onStop` tells the user so. */
  readonly graceful: (onStop: () => void) => void
}

export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown
}

/**
 * Listens from now on; the third signal calls `giveUp`, for a server that does not answer. A hang-up says that nobody
 * watches any more, however often it comes (kernel and shell both send it): it stops and never hurries.
 */
export function watchInterrupts(source: SignalSource, giveUp: (signal: StopSignal) => void): Interrupts {
  const stop = new AbortController()
  const cancel = new AbortController()
  let received: StopSignal | undefined
  let tell: (() => void) | undefined
  const onSignal = (signal: StopSignal): void => {
    if (received === undefined) {
      received = signal
      stop.abort()
      if (tell === undefined) cancel.abort()
      else tell()
    } else if (signal === 'SIGHUP') return
    else if (cancel.signal.aborted) giveUp(signal)
    else cancel.abort()
  }
  source.on('SIGINT', onSignal)
  source.on('SIGTERM', onSignal)
  source.on('SIGHUP', onSignal)
  return {
    stop: stop.signal,
    cancel: cancel.signal,
    received: () => received,
    graceful: (onStop) => (tell = onStop),
  }
}
