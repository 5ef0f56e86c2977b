import type { JournalFile } from './journal-file.js'
import { readSnapshot, writeSnapshot } from './snapshot.js'
import type { StateDraft } from './state-draft.js'
import { newerState } from './state-error.js'
import type { OpenState } from './state-store.js'
import type { ActionRecord, State } from './state.js'
import type { Transition } from './transition.js'

/** The open half of the local store: a draft in memory, every change in the journal, the snapshot written at the end. */
export class LocalState implements OpenState {
  readonly torn: boolean
  readonly #file: string
  readonly #draft: StateDraft
  readonly #journal: JournalFile
  readonly #openedAt: number
  #closed = false

  constructor(file: string, draft: StateDraft, journal: JournalFile, torn: boolean) {
    this.torn = torn
    this.#file = file
    this.#draft = draft
    this.#journal = journal
    this.#openedAt = draft.serial
  }

  current(): State {
    return this.#draft.toState()
  }

  actionRecord(id: string): ActionRecord | undefined {
    return this.#draft.actionRecord(id)
  }

  async append(transition: Transition): Promise<void> {
    this.note(transition)
    await this.#journal.flush()
  }

  note(transition: Transition): void {
    this.#draft.apply(transition)
    this.#journal.add({ serial: this.#draft.serial, transition })
  }

  /** What an action takes away on a server is not this. */
  detach(): void {
    return
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#journal.flush()
      const found = await readSnapshot(this.#file)
      if (found === undefined || found.serial !== this.#openedAt) {
        throw newerState(
          this.#file,
          `it is at change ${found?.serial ?? 'none'} where this run opened it at ${this.#openedAt}`,
        )
      }
      await writeSnapshot(this.#file, this.#draft.toState())
      await this.#journal.empty()
    } finally {
      await this.#journal.close()
    }
  }
}
