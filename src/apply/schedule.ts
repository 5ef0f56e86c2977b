import type { Action } from '../actions/action.js'
import type { ActionId } from '../actions/base.js'
import { claimsConflict, claimsOf } from './lane.js'
import type { Claims } from './lane.js'
import { OrderedQueue } from './ordered-queue.js'

/**
 * Which action may start now. An action is ready when all it waits for is finished; the ready ones start in the plan's
 * order. Index builds, validations, refreshes and analyses run side by side, up to `jobs`, never two whose locks on
 * one table conflict; every other action runs alone.
 */
export class Schedule {
  readonly #actions: readonly Action[]
  readonly #position: ReadonlyMap<ActionId, number>
  /** How many predecessors of each action are not finished. */
  readonly #open: number[]
  readonly #successors: number[][]
  readonly #alone = new OrderedQueue()
  readonly #beside = new OrderedQueue()
  readonly #running = new Map<ActionId, Claims | undefined>()
  readonly #jobs: number

  /** `actions` in the plan's order, without those that are done; ids in `after` that are not among them are done. */
  constructor(actions: readonly Action[], jobs: number) {
    this.#actions = actions
    this.#jobs = jobs
    this.#position = new Map(actions.map((a, index) => [a.id, index]))
    this.#successors = actions.map(() => [])
    this.#open = actions.map((action, index) => {
      const before = [...new Set(action.after)].flatMap((id) => this.#position.get(id) ?? [])
      for (const other of before) this.#successors[other]?.push(index)
      return before.length
    })
    this.#open.forEach((open, index) => {
      if (open === 0) this.#ready(index)
    })
  }

  /** The next action to start, marked as running; undefined when nothing can start before something finishes. */
  take(): Action | undefined {
    const runningAlone = [...this.#running.values()].includes(undefined)
    if (runningAlone) return undefined
    const beside = this.#running.size < this.#jobs ? this.#takeBeside() : undefined
    if (beside !== undefined) return this.#start(beside)
    const alone = this.#running.size === 0 ? this.#alone.take() : undefined
    return alone === undefined ? undefined : this.#start(alone)
  }

  /** Frees what waited for it. */
  finish(id: ActionId): void {
    this.#running.delete(id)
    const index = this.#position.get(id)
    if (index === undefined) throw new RangeError(`not an action of this schedule: ${id}`)
    for (const successor of this.#successors[index] ?? []) {
      const open = (this.#open[successor] ?? 0) - 1
      this.#open[successor] = open
      if (open === 0) this.#ready(successor)
    }
  }

  #takeBeside(): number | undefined {
    return this.#beside.take((index) => {
      const claims = this.#claims(index)
      return ![...this.#running.values()].some((other) => other !== undefined && claimsConflict(claims, other))
    })
  }

  #claims(index: number): Claims {
    const action = this.#actions[index]
    return (action && claimsOf(action)) ?? new Map()
  }

  #start(index: number): Action | undefined {
    const action = this.#actions[index]
    if (action) this.#running.set(action.id, claimsOf(action))
    return action
  }

  #ready(index: number): void {
    const action = this.#actions[index]
    if (action === undefined) return
    const queue = claimsOf(action) === undefined ? this.#alone : this.#beside
    queue.add(index)
  }
}
