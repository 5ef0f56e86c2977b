import { compareText } from '../../core/diagnostic.js'

/** A pg_dump found on this machine. */
export interface PgDumpProgram {
  readonly path: string
  readonly major: number
  /** Number after the dot; 0 for a beta or development version. */
  readonly minor: number
  /** As printed by `pg_dump --version`, without the distribution's suffix. */
  readonly version: string
}

/** Reads `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `18beta1`, `19devel`. */
export function parsePgDumpVersion(line: string): Omit<PgDumpProgram, 'path'> | undefined {
  const found = /^pg_dump \([^)]*\) ((\d+)(?:\.(\d+)|[a-z]+\d*)?)/.exec(line)
  if (!found) return undefined
  const [, version = '', major = '', minor = '0'] = found
  return { version, major: Number(major), minor: Number(minor) }
}

/**
 * Which native pg_dump reads a server, undefined for the bundled one. Plans and states hold fingerprints of the text and
 * travel between machines, so the text must not depend on what a machine has installed: it is always that of the bundled
 * major. A native program of that very major is taken when there is one, since its text is the same and it is quicker;
 * other majors only for servers that the bundled one refuses, as pg_dump refuses any server newer than itself. The newest
 * minor of a major is taken.
 */
export function choosePgDump(
  found: readonly PgDumpProgram[],
  bundledMajor: number,
  serverMajor: number,
  otherServerMajor: number = serverMajor,
): PgDumpProgram | undefined {
  const ordered = [...found].sort((a, b) => a.major - b.major || b.minor - a.minor || compareText(a.path, b.path))
  const wanted = Math.max(serverMajor, otherServerMajor)
  if (wanted <= bundledMajor) return ordered.find((p) => p.major === bundledMajor)
  return ordered.find((p) => p.major >= wanted) ?? ordered.find((p) => p.major >= Math.max(serverMajor, bundledMajor))
}
