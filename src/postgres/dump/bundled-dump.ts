import { createRequire } from 'node:module'
import path from 'node:path'
import { BeltError } from '../../core/error.js'
import { aborted } from '../aborted.js'
import { cancelBackend } from '../cancel.js'
import { SecretRegistry } from '../redact.js'
import { openRawSession } from './bundled/raw-session.js'
import { runWorker, type WorkerOutput } from './bundled/run-worker.js'
import { Wire } from './bundled/wire.js'
import { dumpArguments } from './dump-arguments.js'
import { dumpFailure } from './dump-failure.js'
import { DEFAULT_LOCK_WAIT_MS, type DumpInput, type DumpResult } from './dump-input.js'
import { dumpText } from './dump-text.js'
import { newRestrictKey, stripRestrictLines } from './restrict-lines.js'

/** Version of the pg_dump in the pinned @electric-sql/pglite-tools. */
export const BUNDLED_PG_DUMP = { major: 18, version: '18.3' } as const

/** Dumps with the pg_dump that comes with belt as WebAssembly, over a connection of belt's own driver. */
export async function bundledDump(input: DumpInput, signal: AbortSignal): Promise<DumpResult> {
  const { connection, snapshot, lockWaitMs = DEFAULT_LOCK_WAIT_MS } = input
  const secrets = connection.secrets ?? new SecretRegistry()
  const wasmFile = bundledProgram()
  const restrictKey = newRestrictKey()
  const session = await openRawSession(connection, secrets, signal)
  const wire = new Wire(session)
  let output: WorkerOutput
  try {
    const args = dumpArguments({ snapshot, lockWaitMs, restrictKey })
    // A socket folder: libpq then asks for no encryption, and nothing is ever dialled.
    const environment = { PGHOST: '/', PGDATABASE: connection.database, PGUSER: connection.user }
    output = await runWorker({ wasmFile, args, environment }, wire, signal)
  } catch (error) {
    if (!signal.aborted) throw crashed(error)
    // Its statement would run on, and might wait for a lock, after the connection is gone.
    await cancelBackend(connection, secrets, session.pid).catch(() => false)
    throw aborted(signal)
  } finally {
    wire.release()
  }
  if (output.exitCode !== 0) throw failure(output, wire.lost, secrets)
  return {
    text: stripRestrictLines(dumpText(output.stdout), restrictKey),
    tool: { kind: 'bundled', version: BUNDLED_PG_DUMP.version },
    snapshotUsed: snapshot !== undefined,
  }
}

/** The package's entry would load its PGlite adapter; only the program itself is wanted, and it lies beside. */
function bundledProgram(): string {
  try {
    const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite-tools/pg_dump')
    return path.join(path.dirname(entry), 'pg_dump.wasm')
  } catch (cause) {
    throw new BeltError('dump-tool', 'the bundled pg_dump is not installed', {
      hint: 'Install belt again with its dependencies, or install PostgreSQL’s client programs.',
      cause,
    })
  }
}

function failure(output: WorkerOutput, lost: Error | undefined, secrets: SecretRegistry): BeltError {
  // It looks for its own file to find translations, of which there are none.
  const said = output.stderr.replace('could not find a "pg_dump" to execute\n', '')
  return dumpFailure(`the bundled pg_dump ${BUNDLED_PG_DUMP.version}`, said, secrets, lost)
}

function crashed(cause: unknown): BeltError {
  if (cause instanceof BeltError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new BeltError('dump-failed', `the bundled pg_dump crashed: ${why}`, {
    hint: 'Install PostgreSQL’s client programs of the server’s version or newer: belt then uses their pg_dump.',
    cause,
  })
}
