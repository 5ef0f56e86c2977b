import { BeltError } from '../../core/error.js'

/** The bytes of a dump as text. Bytes that are not UTF-8 come from a SQL_ASCII database and are an error, not `�`. */
export function dumpText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new BeltError('dump-failed', 'the dump holds bytes that are not UTF-8', {
      hint: 'A database with encoding SQL_ASCII keeps names and definitions as raw bytes; rename or redefine the objects that are not plain ASCII.',
      cause,
    })
  }
}
