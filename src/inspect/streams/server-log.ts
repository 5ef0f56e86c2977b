import { BeltError } from '../../core/error.js'
import type { Session } from '../../postgres/session.js'
import type { LogEntry } from './log-entry.js'
import { parseLog, type LogFormat } from './parse-log.js'

/** Read from the end of the log, in bytes: a worker that fails does so every few seconds. */
const TAIL = 262_144

export interface ServerLog {
  readonly state: 'read' | 'not on the server' | 'forbidden'
  /** Oldest first. */
  readonly entries: readonly LogEntry[]
  /** Seconds from a time of the log to now. */
  readonly secondsSince: (at: string) => number
}

interface PlaceRow {
  readonly csv: string | null
  readonly json: string | null
  readonly stderr: string | null
  readonly now: string
}

const NOTHING = { entries: [], secondsSince: () => 0 } as const

const MAY_READ = `
  select pg_catalog.has_function_privilege('pg_catalog.pg_current_logfile(text)', 'execute')
    and pg_catalog.has_function_privilege('pg_catalog.pg_read_binary_file(text,bigint,bigint,boolean)', 'execute')
    and pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(text,boolean)', 'execute') as may`

/**
 * The end of the log of the session's server, by the server's own functions: a superuser may call them, and whoever was
 * granted them. Without a logging collector the log is what the server process has for its standard error; that is
 * looked at too, where it is a file (as Debian's packages start it), on Linux.
 */
export async function readServerLog(session: Session): Promise<ServerLog> {
  try {
    const { may } = await session.one<{ may: boolean }>(MAY_READ)
    return may ? await readTail(session) : { state: 'forbidden', ...NOTHING }
  } catch (error) {
    // Whatever the server refuses here: a look at its log is a help and never a reason to end.
    if (error instanceof BeltError && !session.lost.aborted) return { state: 'forbidden', ...NOTHING }
    throw error
  }
}

async function readTail(session: Session): Promise<ServerLog> {
  const json = session.major >= 15 ? `pg_catalog.pg_current_logfile('jsonlog')` : 'null::text'
  const place = await session.one<PlaceRow>(`
    select
      pg_catalog.pg_current_logfile('csvlog') as csv,
      ${json} as json,
      coalesce(
        pg_catalog.pg_current_logfile('stderr'),
        case when (pg_catalog.pg_stat_file('/proc/self/fd/2', true)).size > 0 then '/proc/self/fd/2' end) as stderr,
      pg_catalog.to_char(
        pg_catalog.clock_timestamp() at time zone pg_catalog.current_setting('log_timezone'), 'YYYY-MM-DD HH24:MI:SS') as now`)
  const found: readonly (readonly [LogFormat, string | null])[] = [
    ['csvlog', place.csv],
    ['jsonlog', place.json],
    ['stderr', place.stderr],
  ]
  for (const [format, file] of found) {
    if (file === null) continue
    const { tail } = await session.one<{ tail: string | null }>(
      // A log may hold bytes that no encoding allows.
      `select pg_catalog.encode(
         pg_catalog.pg_read_binary_file($1::text, greatest(f.size - ${String(TAIL)}, 0), ${String(TAIL)}, true), 'base64') as tail
       from pg_catalog.pg_stat_file($1::text, true) as f`,
      [file],
    )
    const now = Date.parse(`${place.now}Z`)
    return {
      state: 'read',
      entries: parseLog(Buffer.from(tail ?? '', 'base64').toString('utf8'), format),
      secondsSince: (at) => Math.max(0, Math.round((now - Date.parse(`${at}Z`)) / 1000)),
    }
  }
  return { state: 'not on the server', ...NOTHING }
}
