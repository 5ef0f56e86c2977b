import { settingsOfSides, type SidesInput } from '../inspect/both-sides.js'
import { localStateStore } from '../state/local-store.js'
import { postgresStateStore } from '../state/postgres-store.js'
import type { StateStore } from '../state/state-store.js'
import type { CliContext } from './context.js'

/** Where the spec wants the migration's state. */
export function stateStoreOf(sides: SidesInput, context: CliContext): StateStore {
  const { backend, path } = sides.spec.state
  switch (backend) {
    case 'local':
      return localStateStore(path)
    case 'postgres':
      return stateOnTarget(sides, context)
  }
}

/** The state that is kept on the target, whatever the spec says. */
export function stateOnTarget(sides: SidesInput, { interrupts }: CliContext): StateStore {
  return postgresStateStore(settingsOfSides(sides).target, sides.spec.name, interrupts.cancel)
}
