import type { Transition } from './transition.js'

/** One line of the journal: the serial that the state has after the transition. */
export interface JournalEntry {
  readonly serial: number
  readonly transition: Transition
}

export function journalLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`
}

export interface JournalContent {
  readonly entries: readonly JournalEntry[]
  /** Bytes of whole lines; what follows is the line a crash cut short. */
  readonly wholeBytes: number
  readonly torn: boolean
}

/**
 * Reads a journal. A last line without its end is what a crash leaves behind: its SQL has not run, since the line is
 * on disk before that. Any other line that cannot be read is damage: RangeError with the line's number.
 */
export function parseJournal(text: string): JournalContent {
  const end = text.lastIndexOf('\n') + 1
  const lines = text.slice(0, end).split('\n').slice(0, -1)
  const entries = lines.map((line, index) => {
    const entry = parseEntry(line)
    if (entry === undefined) throw new RangeError(`line ${index + 1} of its journal cannot be read`)
    return entry
  })
  return { entries, wholeBytes: Buffer.byteLength(text.slice(0, end)), torn: end < text.length }
}

/** One change from its JSON; undefined when it is none. */
export function parseEntry(line: string): JournalEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('serial' in value) || !('transition' in value)) return undefined
  return typeof value.serial === 'number' ? (value as JournalEntry) : undefined
}
