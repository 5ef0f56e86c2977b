import type pg from 'pg'
import { BeltError } from '../core/error.js'
import { classifySqlState, type FailureClass } from './sqlstate.js'
import { placeIn, type StatementPlace } from './statement-place.js'

/** What a server said about a failure, free of secrets. */
export interface SqlFailure {
  /** Five characters, e.g. `42P01`; see sqlstate.ts. */
  readonly sqlState: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** CONTEXT: the stack of functions, or the row of a COPY. */
  readonly context?: string
  readonly internalQuery?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  /** The statement, cut to 2,000 characters. */
  readonly statement?: string
  readonly place?: StatementPlace
}

/** A statement that the server refused or gave up (code `sql-failed` unless a caller knows better). */
export class SqlError extends BeltError {
  readonly failure: SqlFailure

  constructor(code: string, message: string, failure: SqlFailure, hint?: string) {
    super(code, message, { hint })
    this.failure = failure
  }

  get sqlState(): string {
    return this.failure.sqlState
  }

  get failureClass(): FailureClass {
    return classifySqlState(this.failure.sqlState)
  }
}

const LONGEST_STATEMENT = 2000

export type Redact = (text: string) => string

/** The facts of a driver error, everything through `redact`; the original is dropped, for it holds the raw texts. */
export function failureOf(error: pg.DatabaseError, statement: string | undefined, redact: Redact): SqlFailure {
  const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
    value === undefined || value === '' ? {} : ({ [key]: redact(value) } as Partial<Record<K, string>>)
  const place = placeOf(error, statement, redact)
  return {
    sqlState: error.code ?? 'XX000',
    message: redact(error.message),
    ...optional('detail', error.detail),
    ...optional('hint', error.hint),
    ...optional('context', error.where),
    ...optional('internalQuery', error.internalQuery),
    ...optional('schema', error.schema),
    ...optional('table', error.table),
    ...optional('column', error.column),
    ...optional('constraint', error.constraint),
    ...(statement === undefined ? {} : { statement: cut(redact(statement)) }),
    ...(place === undefined ? {} : { place }),
  }
}

/** `sql-failed` with the server's words, the place in the statement and the SQLSTATE. */
export function sqlError(error: pg.DatabaseError, statement: string | undefined, redact: Redact): SqlError {
  const failure = failureOf(error, statement, redact)
  return new SqlError('sql-failed', describeFailure(failure), failure, failure.hint)
}

/** Message, detail, context and place as lines of text. */
export function describeFailure(failure: SqlFailure): string {
  const lines = [`${failure.message} (SQLSTATE ${failure.sqlState})`]
  if (failure.detail !== undefined) lines.push(`detail: ${failure.detail}`)
  if (failure.context !== undefined) lines.push(`context: ${failure.context}`)
  if (failure.place !== undefined) {
    lines.push(`at line ${failure.place.line}, column ${failure.place.column} of the statement:`, failure.place.excerpt)
  } else if (failure.statement !== undefined) {
    lines.push(`in: ${oneLine(failure.statement)}`)
  }
  return lines.join('\n')
}

function placeOf(error: pg.DatabaseError, statement: string | undefined, redact: Redact): StatementPlace | undefined {
  if (statement === undefined || error.position === undefined) return undefined
  const place = placeIn(statement, Number(error.position))
  // The caret is right only while redaction leaves the line as it is; otherwise the line alone must do.
  if (place === undefined) return undefined
  const excerpt = redact(place.excerpt)
  if (excerpt === place.excerpt && redact(statement) === statement) return place
  return undefined
}

function cut(statement: string): string {
  return statement.length <= LONGEST_STATEMENT ? statement : `${statement.slice(0, LONGEST_STATEMENT)}…`
}

function oneLine(statement: string): string {
  const flat = statement.replace(/\s+/g, ' ').trim()
  return flat.length <= 200 ? flat : `${flat.slice(0, 200)}…`
}
