import type { Side } from './side.js'

export type Severity = 'error' | 'warning' | 'info'

/** A place in a file, 1-based as editors count; `endColumn` is exclusive. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endColumn?: number
}

/**
 * One finding about the spec or a database. Diagnostics are collected and reported together;
 * a plan with any `error` cannot be applied.
 */
export interface Diagnostic {
  readonly severity: Severity
  /** Stable kebab-case word, e.g. `wal-level`, `spec-unknown-key`. */
  readonly code: string
  readonly message: string
  /** What to do next: a sentence, or the exact statement or YAML to add. */
  readonly fix?: string
  readonly side?: Side
  /** The object it is about, as an object key or a quoted name. */
  readonly subject?: string
  readonly at?: Position
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Errors first, then by code and subject: the same findings always read in the same order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const text = (d: Diagnostic): string => [d.code, d.side ?? '', d.subject ?? '', d.message].join('\u0000')
  return [...diagnostics].sort((a, b) => RANK[a.severity] - RANK[b.severity] || compareText(text(a), text(b)))
}

/** Order by UTF-16 code units: the same on every machine, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
