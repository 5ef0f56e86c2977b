import { randomBytes } from 'node:crypto'
import { BeltError } from '../../core/error.js'

/** A key that nothing in a database can hold by chance; pg_dump takes letters and digits only. */
export function newRestrictKey(): string {
  return randomBytes(24).toString('hex')
}

/**
 * The dump without pg_dump's own \restrict and \unrestrict lines. Only the lines with this call's random key go, so a
 * function body that holds such a line stays as it is.
 */
export function stripRestrictLines(text: string, key: string): string {
  return cutOnce(cutOnce(text, `\\restrict ${key}\n\n`), `\\unrestrict ${key}\n\n`)
}

function cutOnce(text: string, line: string): string {
  const at = text.indexOf(`\n${line}`)
  if (at === -1 || text.includes(line, at + line.length)) {
    throw new BeltError('dump-failed', 'the dump does not have the \\restrict lines that were asked for', {
      hint: 'This pg_dump writes a form that belt does not know; use another one, or report it.',
    })
  }
  return text.slice(0, at + 1) + text.slice(at + 1 + line.length)
}
