import type { Secret } from '../core/secret.js'
import { redactShapes } from './redact-shapes.js'

/** What stands where a secret stood. */
export const REDACTED = '[redacted]'

/** Shorter values are words rather than secrets: replacing every `a` would ruin messages and protect nothing. */
const SHORTEST = 4

/**
 * The secrets of one run and the text filter that knows them. Servers echo what they were sent (pglogical puts the
 * whole DSN into DETAIL), so every text from a server passes `redact` before it reaches an error, log or event.
 */
export class SecretRegistry {
  readonly #values = new Set<string>()

  add(secret: Secret): void {
    const value = secret.reveal()
    if (value.length >= SHORTEST) for (const form of formsOf(value)) this.#values.add(form)
  }

  /** The text without any known secret, in whatever form it was quoted, and without anything that looks like one. */
  redact(text: string): string {
    // Longest first: a secret that contains another must not leave its remainder behind.
    const values = [...this.#values].sort((a, b) => b.length - a.length)
    let out = text
    for (const value of values) out = out.replaceAll(value, REDACTED)
    return redactShapes(out, REDACTED)
  }
}

/** The value as it may be written in a URL, a conninfo string, an SQL literal, JSON, or one within another. */
function formsOf(value: string): ReadonlySet<string> {
  const conninfo = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  const plain = [value, conninfo, conninfo.replaceAll("\\'", "''"), JSON.stringify(value).slice(1, -1)]
  const sql = plain.flatMap((form) => {
    const doubled = form.replaceAll("'", "''")
    return [form, doubled, doubled.replaceAll('\\', '\\\\')]
  })
  return new Set([...sql, ...urlForms(value)])
}

function urlForms(value: string): readonly string[] {
  // A lone surrogate cannot be written in a URL at all.
  if (/[\uD800-\uDFFF]/u.test(value)) return []
  const encoded = encodeURIComponent(value)
  const strict = encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  return [encoded, strict, lower(encoded), lower(strict)]
}
