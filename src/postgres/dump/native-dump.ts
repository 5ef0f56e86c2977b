import { SecretRegistry } from '../redact.js'
import type { PgDumpProgram } from './choose-pg-dump.js'
import { dumpArguments } from './dump-arguments.js'
import { dumpFailure } from './dump-failure.js'
import { DEFAULT_LOCK_WAIT_MS, type DumpInput, type DumpResult } from './dump-input.js'
import { dumpText } from './dump-text.js'
import { withLibpqAccess } from './libpq-files.js'
import { newRestrictKey, stripRestrictLines } from './restrict-lines.js'
import { runProgram } from './run-program.js'

/** Dumps with a pg_dump of this machine. */
export async function nativeDump(input: DumpInput, program: PgDumpProgram, signal: AbortSignal): Promise<DumpResult> {
  const { connection, snapshot, lockWaitMs = DEFAULT_LOCK_WAIT_MS } = input
  const secrets = connection.secrets ?? new SecretRegistry()
  const restrictKey = (await knowsRestrictKey(program, signal)) ? newRestrictKey() : undefined
  const args = dumpArguments({ snapshot, lockWaitMs, restrictKey })
  const output = await withLibpqAccess(connection, secrets, (access) =>
    runProgram(program.path, args, { ...access, signal }),
  )
  if (output.exitCode !== 0) {
    const end = output.exitSignal === null ? '' : `\nended by ${output.exitSignal}`
    throw dumpFailure(`${program.path} ${program.version}`, output.stderr + end, secrets)
  }
  const text = dumpText(output.stdout)
  return {
    text: restrictKey === undefined ? text : stripRestrictLines(text, restrictKey),
    tool: { kind: 'native', version: program.version, path: program.path },
    snapshotUsed: snapshot !== undefined,
  }
}

/** \restrict lines came with the minors of August 2025, and the option with them: asking is surer than a list of minors. */
async function knowsRestrictKey(program: PgDumpProgram, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await runProgram(program.path, ['--help'], { env: { LC_ALL: 'C' }, signal })
  return stdout.includes('--restrict-key')
}
