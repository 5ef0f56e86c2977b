import { BeltError, LockedError } from '../core/error.js'
import { throwIfAborted } from './aborted.js'
import { withConnection } from './connect.js'
import type { ConnectionSettings } from './connection-settings.js'
import { keepLock } from './keep-lock.js'
import { describeHolder, findLockHolder, type LockHolder } from './lock-holder.js'
import { type LockKey, lockKeyAsOids } from './lock-key.js'
import type { Session } from './session.js'
import { sleep } from './sleep.js'

/** Another run holds the migration's lock (exit code 5); `holder` is missing if it let go in the same moment. */
export class RunLockedError extends LockedError {
  readonly holder: LockHolder | undefined

  /** `where` names the server that was asked, host:port. */
  constructor(holder: LockHolder | undefined, where: string) {
    super(
      'locked',
      `another run works on this migration: ${holder === undefined ? 'it has just ended' : describeHolder(holder)}`,
      {
        hint:
          holder === undefined
            ? 'Run the same command again.'
            : `Wait for it, or end it: belt state release, or on ${where}: select pg_catalog.pg_terminate_backend(${holder.pid})`,
      },
    )
    this.holder = holder
  }
}

/** A held run lock. */
export interface RunLock {
  readonly key: LockKey
  /** The server process that holds it. */
  readonly pid: number
  /** Fires when the lock or its connection is lost: stop changing anything at once. */
  readonly lost: AbortSignal
  /** Whether the lock is still held by that very process, asked on any session of the same cluster (fencing). */
  stillHeld(session: Session): Promise<boolean>
}

export interface RunLockOptions {
  /** How long to wait for another holder; 3,000 ms, for the session of a killed belt takes a moment to go. */
  readonly waitMs?: number
  /** 200 ms. */
  readonly pollMs?: number
  /** How often the held lock is checked; 10,000 ms. */
  readonly keepAliveMs?: number
  /** Called once for each new holder waited for. */
  readonly onWait?: (holder: LockHolder | undefined) => void
}

/**
 * Holds the lock while `use` runs, on a session of its own that is never in a transaction. It polls
 * pg_try_advisory_lock: a session blocked in pg_advisory_lock holds a snapshot, which CREATE INDEX CONCURRENTLY waits
 * for. `signal` ends the waiting for the lock and not the lock: a run that is cancelled may still take minutes to give
 * up what it began, and nobody else may work on it meanwhile. Throws RunLockedError.
 */
export async function withRunLock<Result>(
  settings: ConnectionSettings,
  key: LockKey,
  signal: AbortSignal,
  use: (lock: RunLock) => Promise<Result>,
  options: RunLockOptions = {},
): Promise<Result> {
  const waiting = new AbortController()
  const stop = (): void => waiting.abort(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    return await withConnection(settings, waiting.signal, async (session) => {
      await take(session, key, `${settings.host}:${String(settings.port)}`, waiting.signal, options)
      const identity = await identityOf(session)
      signal.removeEventListener('abort', stop)
      throwIfAborted(waiting.signal)
      const stillHeld = (other: Session): Promise<boolean> => isHeld(other, key, identity)
      return keepLock(
        session,
        options.keepAliveMs ?? 10_000,
        () => stillHeld(session),
        (lost) => use({ key, pid: session.pid, lost, stillHeld }),
      )
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function take(
  session: Session,
  key: LockKey,
  where: string,
  signal: AbortSignal,
  options: RunLockOptions,
): Promise<void> {
  const { waitMs = 3_000, pollMs = 200, onWait } = options
  const deadline = performance.now() + waitMs
  let told: number | undefined
  for (;;) {
    const { taken } = await session.one<{ taken: boolean }>(
      'select pg_catalog.pg_try_advisory_lock($1::int4, $2::int4) as taken',
      [key.classId, key.objectId],
    )
    if (taken) return
    const holder = await findLockHolder(session, key)
    // Said before it is given up, too: on a slow server the first look alone may take all the time there is.
    if (waitMs > 0 && holder?.pid !== told) onWait?.(holder)
    told = holder?.pid
    if (performance.now() + pollMs > deadline) throw new RunLockedError(holder, where)
    await sleep(pollMs, signal)
  }
}

/** What tells one server process from a later one with the same number, and its database from others. */
interface Identity {
  readonly pid: number
  readonly startedAt: string
  readonly databaseOid: number
}

async function identityOf(session: Session): Promise<Identity> {
  const identity = await session.one<Identity>(
    `select a.pid::int4 as pid, a.backend_start::text as "startedAt", a.datid as "databaseOid"
     from pg_catalog.pg_stat_activity as a
     where a.pid = pg_catalog.pg_backend_pid()`,
  )
  if (identity.pid !== session.pid) {
    throw new BeltError('pooler', 'the run lock cannot be held through a transaction pooler', {
      hint: 'Connect to the server itself, or to a pooler in session mode.',
    })
  }
  return identity
}

async function isHeld(session: Session, key: LockKey, identity: Identity): Promise<boolean> {
  const { held } = await session.one<{ held: boolean }>(
    `select exists (
       select from pg_catalog.pg_locks as l
       left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.pid = $1::int4 and l.database = $2::oid
         and l.classid = $3::oid and l.objid = $4::oid and l.objsubid = 2
         -- Another user's start time is hidden; then the number has to do.
         and coalesce(a.backend_start::text = $5::text, true)
     ) as held`,
    [identity.pid, identity.databaseOid, ...lockKeyAsOids(key), identity.startedAt],
  )
  return held
}
