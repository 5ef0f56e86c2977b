import type { Diagnostic, Position } from '../core/diagnostic.js'
import { maskSecrets } from './mask-secrets.js'
import { escapeControl } from './report.js'

const MAX_WIDTH = 100
/** Columns kept before the caret when a long line is cut. */
const LEAD = 30

/**
 * A diagnostic as text: what, where with the line and a caret, and the fix. Nothing that may be a secret is
 * printed from the source text. No colour, no newline at the end.
 */
export function formatDiagnostic(d: Diagnostic, sourceText?: string): string {
  const { at } = d
  const head = `${d.severity}[${d.code}]: ${safe(d.message)}`
  const place = at === undefined ? [] : [`  --> ${safe(at.file)}:${at.line}:${at.column}`]
  const frame = at === undefined || sourceText === undefined ? [] : codeFrame(at, withoutSecrets(d, at, sourceText))
  const fix = d.fix === undefined ? [] : [`  fix: ${safe(d.fix)}`]
  return [head, ...place, ...frame, ...fix].join('\n')
}

/** A literal secret is masked even where nothing but the diagnostic tells that it is one, such as at an anchor. */
function withoutSecrets(d: Diagnostic, at: Position, text: string): string {
  const masked = maskSecrets(text)
  if (d.code !== 'spec-literal-secret') return masked
  const lines = text.split('\n')
  const line = lines[at.line - 1]
  const maskedLines = masked.split('\n')
  if (line === undefined || line !== maskedLines[at.line - 1]) return masked
  const end = at.endColumn === undefined ? line.length : at.endColumn - 1
  const hidden = line.slice(0, at.column - 1) + '*'.repeat(Math.max(0, end - at.column + 1)) + line.slice(end)
  return maskedLines.with(at.line - 1, hidden).join('\n')
}

function codeFrame(at: Position, text: string): readonly string[] {
  const line = text.split(/\r\n|\n|\r/)[at.line - 1]
  if (line === undefined) return []
  const start = Math.min(at.column - 1, line.length)
  const end = Math.max(start + 1, Math.min((at.endColumn ?? at.column + 1) - 1, line.length))
  const from = line.length > MAX_WIDTH ? Math.max(0, start - LEAD) : 0
  const cut = line.slice(from, from + MAX_WIDTH)
  const lead = from > 0 ? '…' : ''
  const pad = lead + line.slice(from, start).replace(/[^\t]/g, ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(end, from + MAX_WIDTH) - start))
  const number = String(at.line)
  const margin = ' '.repeat(number.length)
  return [
    `   ${margin} |`,
    `   ${number} | ${lead}${oneColumnEach(cut)}${from + MAX_WIDTH < line.length ? '…' : ''}`,
    `   ${margin} | ${pad.replace('…', ' ')}${carets}`,
  ]
}

/** Control characters made visible without moving what follows them; tabs stay, the caret line repeats them. */
function oneColumnEach(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function safe(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeControl)
}
