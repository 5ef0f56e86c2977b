import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { JournalFile } from './journal-file.js'
import { parseJournal } from './journal-text.js'
import type { JournalContent } from './journal-text.js'
import { LocalState } from './local-state.js'
import { newState } from './new-state.js'
import type { Migration } from './new-state.js'
import { replay } from './replay.js'
import { parseSnapshot, readSnapshotText, writeSnapshot } from './snapshot.js'
import { StateDraft } from './state-draft.js'
import { checkLineage, damagedState } from './state-error.js'
import type { OpenState, StateStore } from './state-store.js'
import type { State } from './state.js'

/**
 * A state in two files: `path`, the whole state as JSON, and `path.log`, the transitions since it was written. Both are
 * readable by their owner alone, in a folder that is made 0700 when missing.
 */
export function localStateStore(file: string): StateStore {
  const log = `${file}.log`
  return {
    location: file,
    read: async () => (await load(file, log))?.draft.toState(),
    open: async (migration) => openLocal(file, log, migration),
    replace: async (state) => replaceLocal(file, log, state),
  }
}

async function replaceLocal(file: string, log: string, state: State): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  // First the journal: its changes would be taken for later ones of an older state.
  await (await JournalFile.open(log, 0)).close()
  await writeSnapshot(file, state)
}

async function openLocal(file: string, log: string, migration: Migration): Promise<OpenState> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const loaded = await load(file, log)
  const draft = loaded?.draft ?? new StateDraft(newState(migration))
  const state = draft.toState()
  checkLineage(state, migration.lineage, file)
  // Compacted at the start: the journal then holds this run alone.
  await writeSnapshot(file, state)
  return new LocalState(file, draft, await JournalFile.open(log, 0), loaded?.torn ?? false)
}

interface Loaded {
  readonly draft: StateDraft
  readonly torn: boolean
}

/** A run that writes the snapshot anew is begun or over so seldom that a few looks will do. */
const LOOKS = 10

/**
 * Who reads holds no lock: a run may write the snapshot and empty the journal between the two looks, and then they do not
 * belong together. They do when the snapshot is still the same after the journal was read.
 */
async function load(file: string, log: string): Promise<Loaded | undefined> {
  let text = await readSnapshotText(file)
  for (let look = 1; ; look += 1) {
    const journal = await readJournal(file, log).catch((error: unknown) => error as Error)
    const again = await readSnapshotText(file)
    if (again !== text && look < LOOKS) {
      text = again
      continue
    }
    if (journal instanceof Error) throw journal
    if (text === undefined) {
      if (journal.entries.length > 0) throw damagedState(file, `${log} is there and the file itself is not`)
      return undefined
    }
    return { draft: replay(file, parseSnapshot(text, file), journal.entries), torn: journal.torn }
  }
}

async function readJournal(file: string, log: string): Promise<JournalContent> {
  const text = await readFile(log, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw damagedState(file, error instanceof Error ? error.message : String(error), error)
  })
  try {
    return parseJournal(text)
  } catch (cause) {
    throw damagedState(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}
