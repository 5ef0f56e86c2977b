import { LockedError, RefusedError, StoppedError, UsageError } from '../core/error.js'
import type { StopSignal } from './interrupts.js'

/** What a script can tell from how belt ended. Documented in `belt --help` and docs/errors.md; these numbers do not change. */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  failed: 1,
  /** There are changes (`plan --detailed-exitcode`), drift, or differences (`verify`). */
  changes: 2,
  /** Stale plan, missing approval, or the answer was no. */
  refused: 3,
  /** Apply stopped part-way; the same command goes on. */
  stopped: 4,
  /** Another run holds the lock. */
  locked: 5,
  /** The command line or the spec is wrong. */
  usage: 64,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_CODES_HELP = `Exit codes:
  0    done, or nothing to do
  1    error
  2    changes (plan --detailed-exitcode), drift or differences (verify)
  3    refused: stale plan, missing approval, declined
  4    stopped part-way: run the same command again
  5    another run holds the lock
  64   wrong command line or spec
  130  interrupted (Ctrl-C), 143 terminated, 129 terminal closed`

/** How an error ends the process; after a signal whatever it broke off is its consequence. */
export function exitCodeOf(error: unknown, received: StopSignal | undefined): ExitCode {
  if (received !== undefined) return exitCodeOfSignal(received)
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof RefusedError) return EXIT.refused
  if (error instanceof StoppedError) return EXIT.stopped
  if (error instanceof LockedError) return EXIT.locked
  return EXIT.failed
}

export function exitCodeOfSignal(signal: StopSignal): ExitCode {
  const codes = { SIGHUP: EXIT.hungUp, SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const
  return codes[signal]
}
