import type { JournalEntry } from './journal-text.js'
import { StateDraft } from './state-draft.js'
import { damagedState } from './state-error.js'
import type { State } from './state.js'

/** A snapshot with the changes made since. Throws `state-damaged` when one is missing. */
export function replay(where: string, snapshot: State, entries: readonly JournalEntry[]): StateDraft {
  const draft = new StateDraft(snapshot)
  for (const { serial, transition } of entries) {
    // A crash between writing the snapshot and emptying the journal leaves changes that the snapshot has already.
    if (serial <= draft.serial) continue
    if (serial !== draft.serial + 1) {
      throw damagedState(where, `its journal jumps from change ${draft.serial} to change ${serial}`)
    }
    draft.apply(transition)
  }
  return draft
}
