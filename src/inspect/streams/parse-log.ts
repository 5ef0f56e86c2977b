import type { LogEntry } from './log-entry.js'

/** `stderr`: whatever log_line_prefix says; it should hold the process (%p) and the time (%m or %t). */
export type LogFormat = 'csvlog' | 'jsonlog' | 'stderr'

/** Messages of a part of a log, oldest first. The first line may be cut. */
export function parseLog(text: string, format: LogFormat): readonly LogEntry[] {
  switch (format) {
    case 'csvlog':
      return parseCsv(text)
    case 'jsonlog':
      return text.split('\n').flatMap(parseJsonLine)
    case 'stderr':
      return parseStderr(text)
  }
}

const HEAD = /^(.*?)(LOG|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): {2}(.*)$/s

/** A message's further lines begin with a tab; its details follow under the same prefix, perhaps with others between. */
function parseStderr(text: string): readonly LogEntry[] {
  const entries: LogEntry[] = []
  const last = new Map<string, number>()
  for (const lines of text.split(/\n(?!\t)/)) {
    const [, prefix, word, rest] = HEAD.exec(lines) ?? []
    if (prefix === undefined || word === undefined || rest === undefined) continue
    const message = rest.replaceAll('\n\t', '\n').trimEnd()
    const pid = /\[(\d+)\]/.exec(prefix)?.[1]
    const owner = pid ?? ''
    const before = last.get(owner)
    const entry = before === undefined ? undefined : entries[before]
    if (word === 'DETAIL' || word === 'CONTEXT') {
      if (before !== undefined && entry !== undefined) {
        entries[before] = { ...entry, [word === 'DETAIL' ? 'detail' : 'context']: message }
      }
      continue
    }
    if (word === 'HINT' || word === 'STATEMENT' || word === 'QUERY' || word === 'LOCATION') continue
    last.set(owner, entries.length)
    entries.push({
      at: timeIn(prefix),
      pid: pid === undefined ? undefined : Number(pid),
      severity: word,
      sqlState: undefined,
      message,
      detail: undefined,
      context: undefined,
    })
  }
  return entries
}

function timeIn(text: string): string | undefined {
  return /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec(text)?.[0]
}

const COLUMN = { at: 0, pid: 3, severity: 11, sqlState: 12, message: 13, detail: 14, context: 18 } as const

function parseCsv(text: string): readonly LogEntry[] {
  return csvRecords(text).flatMap((fields): readonly LogEntry[] => {
    const at = timeIn(fields[COLUMN.at] ?? '')
    const filled = (field: string | undefined): string | undefined => (field === '' ? undefined : field)
    // The first record may be the rest of one.
    if (at === undefined || fields.length < COLUMN.context + 1) return []
    return [
      {
        at,
        pid: Number(fields[COLUMN.pid]),
        severity: fields[COLUMN.severity] ?? '',
        sqlState: filled(fields[COLUMN.sqlState]),
        message: fields[COLUMN.message] ?? '',
        detail: filled(fields[COLUMN.detail]),
        context: filled(fields[COLUMN.context]),
      },
    ]
  })
}

/** A record begins with a time at the beginning of a line, even where the text before it was cut inside quotes. */
function csvRecords(text: string): readonly (readonly string[])[] {
  return text
    .split(/\n(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/)
    .map((record) =>
      Array.from(record.matchAll(/(?:"((?:[^"]|"")*)"|([^,"]*))(?:,|\s*$)/g), ([, quoted, bare]) =>
        quoted === undefined ? (bare ?? '').trim() : quoted.replaceAll('""', '"'),
      ),
    )
}

function parseJsonLine(line: string): readonly LogEntry[] {
  const record = objectIn(line)
  if (record === undefined) return []
  const text = (key: string): string | undefined => {
    const value = record[key]
    return typeof value === 'string' ? value : undefined
  }
  const pid = record['pid']
  return [
    {
      at: timeIn(text('timestamp') ?? ''),
      pid: typeof pid === 'number' ? pid : undefined,
      severity: text('error_severity') ?? '',
      sqlState: text('state_code'),
      message: text('message') ?? '',
      detail: text('detail'),
      context: text('context'),
    },
  ]
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
