import { access, constants, readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { parsePgDumpVersion, type PgDumpProgram } from './choose-pg-dump.js'
import { runProgram } from './run-program.js'

/** Where packages put pg_dump; `*` stands for one folder name, `postgresql@*` for names with that beginning. */
const USUAL_FOLDERS: readonly string[] = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/opt/homebrew/opt/libpq/bin',
  '/opt/homebrew/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/local/opt/libpq/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
  '/usr/local/pgsql/bin',
  '/usr/local/bin',
  '/usr/bin',
]

/** Every pg_dump in the folders given and in the usual places of packages, each real file once. */
export async function findPgDump(
  searchPath: readonly string[],
  signal: AbortSignal,
  usual: readonly string[] = USUAL_FOLDERS,
): Promise<readonly PgDumpProgram[]> {
  const folders = [...searchPath.filter((f) => path.isAbsolute(f)), ...(await Promise.all(usual.map(expand))).flat()]
  const files = new Map<string, string>()
  for (const folder of folders) {
    const file = path.join(folder, 'pg_dump')
    const real = await realpath(file).catch(() => undefined)
    // Debian's /usr/bin/pg_dump is a Perl script that picks a version by its own rules; the real ones are found too.
    if (real !== undefined && path.basename(real) !== 'pg_wrapper' && !files.has(real)) files.set(real, file)
  }
  const programs = await Promise.all([...files.values()].map((file) => identifyPgDump(file, signal)))
  return programs.filter((p) => p !== undefined)
}

/** The version of one pg_dump, or undefined when it is none or does not run here. */
export async function identifyPgDump(file: string, signal: AbortSignal): Promise<PgDumpProgram | undefined> {
  try {
    await access(file, constants.X_OK)
    const { stdout } = await runProgram(file, ['--version'], { env: { LC_ALL: 'C' }, signal })
    const version = parsePgDumpVersion(stdout.toString('utf8'))
    return version && { path: file, ...version }
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

async function expand(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split('/')
  const at = parts.findIndex((part) => part.endsWith('*'))
  if (at === -1) return [pattern]
  const parent = parts.slice(0, at).join('/') || '/'
  const beginning = (parts[at] ?? '').slice(0, -1)
  const names = await readdir(parent).catch(() => [])
  return names
    .filter((name) => name.startsWith(beginning))
    .sort()
    .map((name) => path.posix.join(parent, name, ...parts.slice(at + 1)))
}
