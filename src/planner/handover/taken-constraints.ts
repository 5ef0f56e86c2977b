import { actionId } from '../../actions/base.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import type { MigrationContext } from '../../migration/context.js'

/** Under which the source notes what was taken from it. */
export const takenId = actionId('constraints', 'source')

/** A constraint that the source lost so that it can be fed. */
export interface TakenConstraint {
  readonly object: SchemaObject
  readonly before: Before
  /** It is there again. */
  readonly stands: boolean
}

interface Before {
  readonly object: SchemaObject
  /** Makes it again, NOT VALID where Postgres can, with what is said of it. */
  readonly statements: readonly string[]
  /** It was valid: looks at the old rows. */
  readonly validate?: string
}

export function constraintsTaken({ source, names }: MigrationContext): readonly TakenConstraint[] {
  return (source.records ?? [])
    .filter((r) => r.lineage === names.lineage && r.action === takenId)
    .flatMap((r): readonly TakenConstraint[] => {
      if (!isBefore(r.before)) return []
      const { object } = r.before
      return [{ object, before: r.before, stands: source.objectByKey.has(object.key) }]
    })
}

function isBefore(value: unknown): value is Before {
  return (
    typeof value === 'object' &&
    value !== null &&
    'object' in value &&
    'statements' in value &&
    Array.isArray(value.statements)
  )
}
