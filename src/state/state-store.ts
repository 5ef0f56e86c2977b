import type { Migration } from './new-state.js'
import type { CommitWith } from './postgres-commit.js'
import type { ActionRecord, State } from './state.js'
import type { Transition } from './transition.js'

/** Where the state of one migration is kept. */
export interface StateStore {
  /** For messages: a path, or the server and table. */
  readonly location: string
  /** The state as it stands there now, or undefined when there is none. Changes nothing. */
  read(): Promise<State | undefined>
  /**
   * Opens it for a run that holds the migration's run lock; makes it when there is none.
   *
   * @throws BeltError `state-other-lineage`, `state-newer`, `state-damaged`
   */
  open(migration: Migration, options?: OpenOptions): Promise<OpenState>
  /** Writes a whole state over whatever is there. The caller has compared both, and holds the run lock. */
  replace(state: State): Promise<void>
}

export interface OpenOptions {
  /** The run takes everything away: a store inside the databases does not make a state where there is none. */
  readonly leaving?: boolean
}

/** The state of a running apply. Close it whatever happens. */
export interface OpenState {
  /** A crash had cut the last change short; it is as if it had not been begun. */
  readonly torn: boolean
  /** Where the state lives in the target: its changes can be committed together with an action's. */
  readonly commitWith?: CommitWith
  current(): State
  actionRecord(id: string): ActionRecord | undefined
  /** When it resolves, the transition and all before it survive a crash of this machine. */
  append(transition: Transition): Promise<void>
  /** Remembered at once, durable with the next `append` or `close`: for what a probe would find out again. */
  note(transition: Transition): void
  /** An action has taken away where the state lived: from here on it is remembered for this run only. */
  detach(): void
  close(): Promise<void>
}
