import { canonicalJson } from '../core/fingerprint.js'
import { BeltError, RefusedError, UsageError } from '../core/error.js'
import type { StateStore } from './state-store.js'
import type { State } from './state.js'

export interface Move {
  readonly from: StateStore
  readonly to: StateStore
  /** Of the migration. */
  readonly name: string
  /** Write over whatever is there. */
  readonly force: boolean
}

export interface Moved {
  readonly state: State
  /** False when the very same was there already. */
  readonly written: boolean
}

/**
 * Copies a state from one store to another, for a caller that holds the run lock.
 *
 * @throws UsageError `state-missing`; RefusedError `state-not-older`, `state-other-lineage`; BeltError `state-damaged`, `state-newer`
 */
export async function moveState({ from, to, name, force }: Move): Promise<Moved> {
  const state = await from.read()
  if (state === undefined) throw new UsageError('state-missing', `there is no state in ${from.location} any more`)
  if (state.name !== name) {
    throw new RefusedError(
      'state-other-lineage',
      `the state ${from.location} is of migration ${state.name}, and the spec is of ${name}`,
      { hint: 'Name the spec of that migration with -f or --migration.' },
    )
  }
  const there = await readable(to, force)
  if (there !== undefined && canonicalJson(there) === canonicalJson(state)) return { state, written: false }
  if (there !== undefined && !force) refuse(state, there, from.location, to.location)
  await to.replace(state)
  return { state, written: true }
}

/** With force, what cannot be read may be written over as well. */
async function readable(to: StateStore, force: boolean): Promise<State | undefined> {
  if (!force) return to.read()
  return to.read().catch((error: unknown) => {
    if (error instanceof BeltError && error.code.startsWith('state-')) return undefined
    throw error
  })
}

function refuse(state: State, there: State, from: string, to: string): void {
  if (there.lineage !== state.lineage) {
    throw new RefusedError(
      'state-other-lineage',
      `the state ${to} belongs to another migration (lineage ${there.lineage}, not ${state.lineage})`,
      { hint: 'Look at both; --force writes over it.' },
    )
  }
  if (there.serial < state.serial) return
  const how = there.serial > state.serial ? 'is newer' : 'is of the same change, and is different'
  throw new RefusedError(
    'state-not-older',
    `the state ${to} ${how}: change ${there.serial} there, change ${state.serial} in ${from}`,
    { hint: 'Look at both with belt state show --json; --force writes over it.' },
  )
}
