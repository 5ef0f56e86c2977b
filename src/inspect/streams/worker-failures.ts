import type { Subscription } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import type { WorkerFailure } from '../../catalog/stream-evidence.js'
import { parseQualified } from '../../core/qualified-name.js'
import type { SecretRegistry } from '../../postgres/redact.js'
import type { LogEntry } from './log-entry.js'
import type { ServerLog } from './server-log.js'

const FAILED: readonly string[] = ['ERROR', 'FATAL', 'PANIC']
/** Somebody stopped it, or its subscription was altered: no failure. */
const ORDERED = /due to administrator command/
const KEPT = 5
/** pglogical tries again after 80 seconds at most; what is older was another trouble. */
const RECENT_SECONDS = 600

/** Why workers of a subscription ended, newest first: at most five different messages. */
export function workerFailures(
  subscription: Subscription,
  log: ServerLog,
  secrets: SecretRegistry,
): readonly WorkerFailure[] {
  const own = processesOf(subscription, log.entries)
  const found: WorkerFailure[] = []
  for (const entry of log.entries.toReversed()) {
    if (!FAILED.includes(entry.severity) || ORDERED.test(entry.message)) continue
    if (!isOwn(entry, own) && !names(entry, subscription) && !isOfCopy(entry, subscription)) continue
    const failure = failureOf(entry, log, secrets)
    if ((failure.secondsAgo ?? 0) > RECENT_SECONDS || found.some((f) => f.message === failure.message)) continue
    found.push(failure)
    if (found.length === KEPT) break
  }
  return found
}

function isOwn({ pid }: LogEntry, own: ReadonlySet<number>): boolean {
  return pid !== undefined && own.has(pid)
}

/** A worker says for which subscription it starts. */
function processesOf(subscription: Subscription, entries: readonly LogEntry[]): ReadonlySet<number> {
  const own = new Set<number>()
  for (const { pid, message } of entries) {
    const [, said, quoted] = /subscription "([^"]*)"|(?:subscription|subscriber) (\S+)/.exec(message) ?? []
    if (pid !== undefined && [said, quoted].includes(subscription.name)) own.add(pid)
  }
  return own
}

/** From 15 on the context names the origin. */
function names({ context }: LogEntry, { origin }: Subscription): boolean {
  return origin !== undefined && context?.includes(`replication origin "${origin}"`) === true
}

/**
 * pglogical copies through a session like any other, which nothing in the log tells from those but that a copy is open: so
 * only words that hold no value of anybody's row.
 */
function isOfCopy({ message, context }: LogEntry, { of, copyBegun, tables }: Subscription): boolean {
  const open = of === 'pglogical' && (copyBegun === true || tables.some((t) => t.state !== 'ready'))
  return open && context !== undefined && /^COPY .*, line \d/.test(context) && REFUSED.test(message)
}

const REFUSED = / violates [a-z-]+ constraint( |$)|^could not extend file/

function failureOf(entry: LogEntry, log: ServerLog, secrets: SecretRegistry): WorkerFailure {
  const message = secrets.redact(entry.message.split('\n')[0] ?? '')
  return {
    secondsAgo: entry.at === undefined ? undefined : log.secondsSince(entry.at),
    sqlState: entry.sqlState,
    message,
    table: tableIn(entry),
    key: /^Key \(.*\)=\(.*\)(?= already exists)/s.exec(entry.detail ?? '')?.[0],
  }
}

/** `public.orders`, `"public.orders"`, `schema "public"`: workers quote names in none of the ways that SQL does. */
function tableIn({ message, context }: LogEntry): QualifiedName | undefined {
  const text = `${message}\n${context ?? ''}`
  const found =
    /target relation "([^"]+)"/.exec(text)?.[1] ??
    /(?:remote relation|table) ([^\s."]+\.[^\s"]+)/.exec(text)?.[1] ??
    /COPY ([^\s,:]+), line/.exec(text)?.[1]
  if (found === undefined) return undefined
  const parsed = parseQualified(found)
  if (parsed !== undefined) return parsed
  const dot = found.indexOf('.')
  return dot < 1 ? undefined : { schema: found.slice(0, dot), name: found.slice(dot + 1) }
}
