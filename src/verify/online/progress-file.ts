import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { fingerprint } from '../../core/fingerprint.js'
import writeFileAtomic from 'write-file-atomic'
import type { ResumeToken } from '../rows/resume-token.js'

const FORMAT = 'belt-verify/1'

/** A comparison that was begun and not ended. Names keys of rows, which are the application's data, and no other value. */
export interface BegunComparison {
  /** What is compared, over which stream: a file of another comparison is as if it were not there. */
  readonly of: string
  /** ISO 8601. What it says of rows is as old as this. */
  readonly begunAt: string
  /** Positions of both logs when it began. */
  readonly from: { readonly source: string | null; readonly target: string | null }
  /** Milliseconds that the runs before this one took. */
  readonly spentMs: number
  readonly token: ResumeToken
}

/** Beside the state. One for everything, and one for each choice of tables: neither takes the other's place. */
export function comparisonFile(statePath: string, patterns: readonly string[]): string {
  return patterns.length === 0 ? `${statePath}.verify` : `${statePath}.verify-${fingerprint([...patterns].sort())}`
}

/** What an earlier run left, if it is of the same comparison; undefined when there is none or it cannot be read. */
export async function readBegun(file: string, of: string): Promise<BegunComparison | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== FORMAT) return undefined
  // Written whole or not at all, by belt alone, in the format that it names.
  const begun = value as unknown as BegunComparison
  return begun.of === of ? begun : undefined
}

/** Losing it costs only time, but a torn one must not be read: so it is replaced as a whole. */
export async function writeBegun(file: string, begun: BegunComparison): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFileAtomic(file, `${JSON.stringify({ format: FORMAT, ...begun })}\n`, { encoding: 'utf8', mode: 0o600 })
}

export async function removeBegun(file: string): Promise<void> {
  await rm(file, { force: true })
}
