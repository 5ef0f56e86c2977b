import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'

/** What the engine of the spec is and what carries changes, where these differ. */
export function checkEngine({ spec, carriers }: MigrationContext): readonly Diagnostic[] {
  const position = spec.positions['engine']
  const at = position === undefined ? {} : { at: position }
  const found: Diagnostic[] = []
  if (carriers.forward !== spec.engine) {
    found.push({
      severity: 'error',
      code: 'engine-changed',
      message: `${carriers.forward} replicates now, and the spec asks for ${spec.engine}`,
      fix: `Set engine: ${carriers.forward}, or go to stage absent with it first and start again.`,
      ...at,
    })
  }
  if (carriers.because !== undefined) {
    found.push({
      severity: 'info',
      code: 'reverse-engine',
      message: `the way back is carried by engine ${carriers.reverse}: ${carriers.because}`,
      ...at,
    })
  }
  return found
}
