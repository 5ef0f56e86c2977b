import type { HeldConnection } from '../postgres/held-connection.js'
import type { Session } from '../postgres/session.js'
import type { JournalEntry } from './journal-text.js'
import type { Committed } from './postgres-commit.js'
import { appendChanges, insertStateRow, readStateRows, writeStateRow } from './postgres-rows.js'
import type { StateDraft } from './state-draft.js'
import { newerState, unreachableState } from './state-error.js'
import type { OpenState } from './state-store.js'
import type { ActionRecord, State } from './state.js'
import type { Transition } from './transition.js'

/** The whole state of 60,000 actions is some 20 MB. */
const CLOSE_MS = 60_000

/** Where the row stands: there, to be made with the first change, or none for this run. */
export type RowOf = 'there' | 'to make' | 'none'

export interface PostgresStateParts {
  readonly location: string
  readonly name: string
  readonly draft: StateDraft
  readonly connection: HeldConnection
  /** Of this run: greater than that of every earlier one. */
  readonly epoch: string
  readonly row: RowOf
  /** How long the server may take for a change, milliseconds. */
  readonly writeMs: number
}

/** The open half of the Postgres store. One writer at a time, so that serials are committed in their order. */
export class PostgresState implements OpenState {
  readonly torn = false
  readonly #parts: PostgresStateParts
  readonly #draft: StateDraft
  #row: RowOf
  /** Serial up to which the server has it all. */
  #written: number
  #pending: JournalEntry[] = []
  #tail: Promise<unknown> = Promise.resolve()
  /** Committed together with an action, without an answer: it may have happened. */
  #unsure: Transition | undefined
  #closed = false

  constructor(parts: PostgresStateParts) {
    this.#parts = parts
    this.#draft = parts.draft
    this.#row = parts.row
    this.#written = parts.draft.serial
  }

  current(): State {
    return this.#draft.toState()
  }

  actionRecord(id: string): ActionRecord | undefined {
    return this.#draft.actionRecord(id)
  }

  async append(transition: Transition): Promise<void> {
    this.note(transition)
    return this.#alone(() => this.#flush())
  }

  note(transition: Transition): void {
    // While a commit is under way its serial is not known to be taken: numbered when flushed.
    this.#draft.apply(transition)
    this.#pending.push({ serial: this.#draft.serial, transition })
  }

  readonly commitWith = async (
    session: Session,
    transition: Transition,
    commit: () => Promise<Committed>,
  ): Promise<Committed> =>
    this.#alone(async () => {
      await this.#flush()
      if (this.#row !== 'there') return commit()
      const entry = { serial: this.#written + 1, transition }
      if (!(await appendChanges(session, this.#expected(), [entry]))) throw this.#taken()
      this.#unsure = transition
      const ended = await commit()
      this.#unsure = undefined
      if (ended === 'committed') this.#take(transition)
      return ended
    })

  detach(): void {
    this.#row = 'none'
    this.#pending = []
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#alone(async () => {
        await this.#flush()
        if (this.#row !== 'there') return
        const { connection, epoch } = this.#parts
        if (!(await writeStateRow(connection.session, this.#expected(), this.#draft.toState(), epoch))) {
          throw this.#taken()
        }
      }, CLOSE_MS)
    } finally {
      await this.#parts.connection.release()
    }
  }

  /** One after the other, and each within its time. */
  async #alone<Result>(work: () => Promise<Result>, limitMs = this.#parts.writeMs): Promise<Result> {
    const turn = this.#tail.then(() => this.#within(limitMs, work))
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  async #within<Result>(limitMs: number, work: () => Promise<Result>): Promise<Result> {
    const { connection, location } = this.#parts
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = unreachableState(location, limitMs)
        connection.hangUp(error)
        reject(error)
      }, limitMs)
    })
    try {
      return await Promise.race([work(), late])
    } finally {
      clearTimeout(timer)
    }
  }

  async #flush(): Promise<void> {
    const { connection, name, epoch } = this.#parts
    if (this.#unsure !== undefined) await this.#settle(this.#unsure)
    if (this.#pending.length === 0) return
    if (this.#row === 'none') {
      this.#pending = []
      return
    }
    // A copy: what is noted while this waits for the server belongs to the next write.
    const entries = [...this.#pending]
    if (this.#row === 'to make') {
      const state = this.#draft.toState()
      if (!(await insertStateRow(connection.session, name, state, epoch))) throw this.#taken()
      this.#row = 'there'
      this.#forgetPending(state.serial)
      return
    }
    if (!(await appendChanges(connection.session, this.#expected(), entries))) throw this.#taken()
    this.#forgetPending(entries.at(-1)?.serial ?? this.#written)
  }

  #forgetPending(upTo: number): void {
    this.#written = upTo
    this.#pending = this.#pending.filter((e) => e.serial > upTo)
  }

  /** The answer to a commit got lost: whether it happened stands in the serial. */
  async #settle(transition: Transition): Promise<void> {
    const { connection, name, epoch } = this.#parts
    // A commit that is still under way holds the row.
    await connection.session.query('select from belt.state where name = $1::text for update', [name])
    const row = await readStateRows(connection.session, name)
    if (row?.epoch !== epoch) throw this.#taken()
    this.#unsure = undefined
    if (Number(row.serial) === this.#written + 1) this.#take(transition)
  }

  /** The server has it, before whatever was noted meanwhile. */
  #take(transition: Transition): void {
    this.#draft.applyBefore(
      transition,
      this.#pending.map((e) => e.transition),
    )
    this.#written += 1
    this.#pending = this.#pending.map((e) => ({ ...e, serial: e.serial + 1 }))
  }

  #expected(): { readonly name: string; readonly serial: number; readonly epoch: string } {
    return { name: this.#parts.name, serial: this.#written, epoch: this.#parts.epoch }
  }

  #taken(): Error {
    return newerState(this.#parts.location, 'another run has taken it over')
  }
}
