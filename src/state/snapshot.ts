import { readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { damagedState, newerState } from './state-error.js'
import { STATE_FORMAT } from './state.js'
import type { State } from './state.js'
import { stateShapeProblems } from './state-shape.js'

/** The state as last written whole; undefined when there is no such file. */
export async function readSnapshot(path: string): Promise<State | undefined> {
  const text = await readSnapshotText(path)
  return text === undefined ? undefined : parseSnapshot(text, path)
}

export async function readSnapshotText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw damagedState(path, error instanceof Error ? error.message : String(error), error)
  })
}

/** A whole state from its text; `where` is for messages. Throws `state-damaged`, `state-newer`. */
export function parseSnapshot(text: string, path: string): State {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damagedState(path, 'it is not JSON', cause)
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== STATE_FORMAT && typeof format === 'string' && /^belt-state\/\d+$/.test(format)) {
    throw newerState(path, `its format is ${format}, and this belt writes ${STATE_FORMAT}`)
  }
  const problems = stateShapeProblems(value)
  if (problems.length > 0) throw damagedState(path, problems.slice(0, 3).join('; '))
  return value as State
}

/** All or nothing, on disk when it resolves, readable by its owner alone. */
export async function writeSnapshot(path: string, state: State): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(state, undefined, 2)}\n`, {
    encoding: 'utf8',
    mode: 0o600,
    fsync: true,
  })
}
