import { BeltError } from '../../core/error.js'

const CLOSING = '\n-- PostgreSQL database dump complete\n'
const ENTRY = '\n-- Name: '

/**
 * pg_dump's text without what only psql understands: the \restrict and \unrestrict lines of minors from 2025 on.
 * They stand before the first entry and after the closing comment, so nothing inside an entry can be taken for them.
 */
export function dumpBody(dump: string): string {
  const text = dump.startsWith('\n') ? dump : `\n${dump}`
  const closing = text.lastIndexOf(CLOSING)
  const rest = closing < 0 ? '' : text.slice(closing + CLOSING.length)
  if (closing < 0 || !rest.split('\n').every((line) => /^(--|\\unrestrict [A-Za-z0-9]+)?\r?$/.test(line))) {
    throw new BeltError('dump-incomplete', 'pg_dump ended before its closing comment: the schema is not complete', {
      hint: 'Run it again; look at what pg_dump or the server said when it stopped.',
    })
  }
  const first = text.indexOf(ENTRY)
  const preamble = text.slice(0, first < 0 || first > closing ? closing : first)
  return withoutMetaCommands(preamble) + text.slice(preamble.length, closing + 1)
}

function withoutMetaCommands(preamble: string): string {
  return preamble
    .split('\n')
    .map((line) => (line.startsWith('\\') ? '' : line))
    .join('\n')
}
