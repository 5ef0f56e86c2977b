import { compareText, type Diagnostic, type Position } from '../core/diagnostic.js'

/** An error of the spec at a position, leaving out what is not known. */
export function specError(code: string, at: Position | undefined, message: string, fix?: string): Diagnostic {
  return {
    severity: 'error',
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(at === undefined ? {} : { at }),
  }
}

export function specWarning(code: string, at: Position | undefined, message: string, fix?: string): Diagnostic {
  return { ...specError(code, at, message, fix), severity: 'warning' }
}

/** Text of the user's inside a message: control characters escaped, long text cut. */
export function shown(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 57)}…` : text
  // A terminal must not act on what a file smuggles in.
  return `\`${cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, escapeControl)}\``
}

export function escapeControl(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** In the order of the file, one per place: what was found first about a place is the most telling. */
export function onePerPlace(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = new Map<string, Diagnostic>()
  for (const d of diagnostics) {
    // A map begins where its first key does: what it misses is another matter than what is wrong with that key.
    const matter = d.code === 'spec-missing-key' || d.code === 'spec-version' ? d.code : ''
    const key = d.at === undefined ? `${d.code} ${d.message}` : `${d.at.line}:${d.at.column} ${matter}`
    if (!first.has(key)) first.set(key, d)
  }
  return [...first.values()].sort(
    (a, b) =>
      (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0) || compareText(a.code, b.code),
  )
}
