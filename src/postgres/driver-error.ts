import pg from 'pg'
import { BeltError } from '../core/error.js'
import { type Redact, SqlError, sqlError } from './server-error.js'
import { classifySqlState, type FailureClass } from './sqlstate.js'

/** The session is gone in the middle of things; whether its last statement took effect is unknown. */
export class ConnectionLostError extends BeltError {}

export interface ErrorContext {
  readonly statement?: string
  readonly endpoint: string
  readonly redact: Redact
}

/** Whatever the driver threw while a statement ran, as a BeltError without secrets. */
export function translateError(error: unknown, context: ErrorContext): unknown {
  if (error instanceof BeltError) return error
  if (error instanceof pg.DatabaseError) {
    const translated = sqlError(error, context.statement, context.redact)
    return classifySqlState(translated.sqlState) === 'connection-lost' && endsSession(error)
      ? lostBy(context.endpoint, translated)
      : translated
  }
  if (isSocketError(error)) return connectionLost(context.endpoint, context.redact(error.message))
  return error
}

/**
 * CREATE SUBSCRIPTION reports with 08006 that it could not reach the publisher: an ERROR, after which belt's own session
 * goes on. A session that ends says FATAL or PANIC, in the server's language where belt may not set lc_messages.
 */
function endsSession(error: pg.DatabaseError): boolean {
  return error.severity !== 'ERROR'
}

export function connectionLost(endpoint: string, reason: unknown): ConnectionLostError {
  if (reason instanceof ConnectionLostError) return reason
  const why = reason instanceof Error ? reason.message : String(reason)
  return new ConnectionLostError('connection-lost', `the connection to ${endpoint} was lost: ${why}`, {
    hint: 'Run the same command again: belt probes what the last statement did before it goes on.',
  })
}

/** The server said goodbye with a SQLSTATE of its own: the SqlError stays reachable as the cause. */
function lostBy(endpoint: string, error: SqlError): ConnectionLostError {
  return new ConnectionLostError('connection-lost', `the connection to ${endpoint} was lost: ${error.message}`, {
    hint: 'Run the same command again: belt probes what the last statement did before it goes on.',
    cause: error,
  })
}

/** How a failure of a connection attempt or statement is to be met; see sqlstate.ts. */
export function classifyError(error: unknown): FailureClass {
  if (error instanceof ConnectionLostError) return 'connection-lost'
  if (error instanceof SqlError) return error.failureClass
  if (error instanceof ConnectError) return error.transient ? 'retryable' : 'permanent'
  return 'permanent'
}

/** No session came about. `transient`: the same attempt may succeed later. */
export class ConnectError extends BeltError {
  readonly transient: boolean

  constructor(code: string, message: string, details: { hint?: string; cause?: unknown; transient: boolean }) {
    super(code, message, details)
    this.transient = details.transient
  }
}

/** Errors of Node's sockets carry a system call or a code; the driver's own name the connection. */
export function isSocketError(error: unknown): error is Error & { readonly code?: string } {
  if (!(error instanceof Error)) return false
  if ('syscall' in error || ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)))
    return true
  return /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired)/.test(
    error.message,
  )
}
