/** What an error needs beyond its message for a person to act on it. */
export interface ErrorDetails {
  /** The next step, as a sentence. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/**
 * An error that belt understands: `code` is stable and may be relied on by scripts, `hint` names the next step.
 * Anything thrown that is not a BeltError is a bug in belt and is reported as one.
 */
export class BeltError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.hint = details.hint
  }
}

/** The command line or the spec is wrong (exit code 64). */
export class UsageError extends BeltError {}

/** belt refuses to act: stale plan, missing approval, declined (exit code 3). */
export class RefusedError extends BeltError {}

/** Apply stopped part-way; the same command run again goes on (exit code 4). */
export class StoppedError extends BeltError {}

/** Another run holds the migration's lock (exit code 5). */
export class LockedError extends BeltError {}
