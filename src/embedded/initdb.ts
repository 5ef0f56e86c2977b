import { randomBytes } from 'node:crypto'
import { chown, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BeltError } from '../core/error.js'
import type { Account } from './account.js'
import { runProgram, type ProgramResult } from './program.js'
import type { ProgramTree } from './tree.js'

/** The superuser of every embedded server. */
export const SUPERUSER = 'postgres'

/**
 * Makes the data folder `<folder>/data`, UTF8, with a random superuser password, which is returned.
 * The locale is C.UTF-8 where the programs know it, else C.
 */
export async function initializeData(
  tree: ProgramTree,
  folder: string,
  account: Account | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const password = randomBytes(18).toString('base64url')
  // A file, because the arguments of a process can be read by everybody.
  const passwordFile = path.join(folder, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const run = (locale: string): Promise<ProgramResult> =>
    runProgram(path.join(tree.bin, 'initdb'), arguments_(path.join(folder, 'data'), passwordFile, locale), {
      account,
      signal,
    })
  let result = await run('C.UTF-8')
  if (result.code !== 0 && result.stderr.includes('invalid locale name')) result = await run('C')
  await rm(passwordFile)
  if (result.code === 0) return password
  throw new BeltError('embedded-start-failed', `initdb of Postgres ${String(tree.major)} failed: ${lastLines(result)}`)
}

function arguments_(data: string, passwordFile: string, locale: string): readonly string[] {
  return [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    `--locale=${locale}`,
    '--lc-messages=C',
    '--no-sync',
  ]
}

function lastLines({ stdout, stderr }: ProgramResult): string {
  return (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-4).join(' ')
}
