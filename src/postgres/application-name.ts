import { createHash } from 'node:crypto'

/** NAMEDATALEN - 1: the server cuts longer application names, which would lose the run at the end. */
const LONGEST = 63
const LONGEST_RUN = 24
/** Run ids of commands that change nothing begin with it: nobody has to wait for their sessions. */
export const LOOK_PREFIX = 'q-'

/**
 * `belt/<migration>/<run>` in at most 63 bytes of ASCII, so that it arrives unchanged: the server replaces other
 * characters (by `?`, from 16 by `\xNN`). A migration name that has to be changed gets a hash, so that two
 * migrations never share a prefix.
 */
export function applicationName(migration: string, run: string): string {
  if (!/^[A-Za-z0-9_.-]+$/.test(run) || run.length > LONGEST_RUN) {
    throw new RangeError(`a run id has 1 to ${LONGEST_RUN} of A-Z a-z 0-9 _ . -: ${run}`)
  }
  return `${applicationPrefix(migration)}${run}`
}

/** What the application names of all runs of this migration begin with, and of no other migration. */
export function applicationPrefix(migration: string): string {
  return `belt/${slug(migration)}/`
}

function slug(migration: string): string {
  const room = LONGEST - 'belt//'.length - LONGEST_RUN
  const plain = migration.replace(/[^A-Za-z0-9_.-]/gu, '_')
  // `~` cannot stand in an unchanged name, so a changed one never equals somebody's real one.
  if (plain === migration && migration.length > 0 && migration.length <= room) return migration
  const hash = createHash('sha256').update(migration).digest('hex').slice(0, 8)
  return `${plain.slice(0, room - hash.length - 1)}~${hash}`
}
