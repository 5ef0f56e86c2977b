import { chmod, chown, mkdir, mkdtemp, readdir, realpath, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { BeltError } from '../core/error.js'
import type { Account } from './account.js'
import { runProgram } from './program.js'

/** A file that says that belt made the folder, so that belt may remove it. */
export const MARKER = 'made-by-belt'

/** A folder for temporary files that `account` can enter: TMPDIR may be a private one of the caller. */
export async function temporaryFolder(account: Account | undefined): Promise<string> {
  for (const folder of [os.tmpdir(), '/tmp', '/var/tmp']) {
    const listed = await runProgram('/bin/ls', ['-d', `${folder}/.`], { account })
    if (listed.code === 0) return folder
  }
  throw new BeltError('embedded-unavailable', 'there is no temporary folder that the server can enter', {
    hint: 'Set TMPDIR to a folder that every user can enter.',
  })
}

/**
 * The folder of one server, mode 0700 and owned by `account`.
 *
 * @param wanted must be missing or empty; without it a new temporary folder is made
 */
export async function serverFolder(major: number, account: Account | undefined, wanted?: string): Promise<string> {
  const made = wanted === undefined ? await newFolder(major, account) : await emptyFolder(wanted)
  // The watchdog compares it with the working folder that the kernel reports.
  const folder = await realpath(made)
  await writeFile(path.join(folder, MARKER), 'A throw-away Postgres server: belt removes this folder.\n')
  await chmod(folder, 0o700)
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  return folder
}

async function newFolder(major: number, account: Account | undefined): Promise<string> {
  return mkdtemp(path.join(await temporaryFolder(account), `belt-postgres-${String(major)}-`))
}

async function emptyFolder(wanted: string): Promise<string> {
  const folder = path.resolve(wanted)
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length === 0) return folder
  throw new BeltError('embedded-folder-taken', `the folder ${folder} is not empty`, {
    hint: 'Name a folder that does not exist yet.',
  })
}
