import { compareGrants } from './compare-grants.js'
import { compareMaterializedViews } from './compare-materialized-views.js'
import { compareObjects } from './compare-objects.js'
import { compareRoles } from './compare-roles.js'
import { compareSequences } from './compare-sequences.js'
import { compareSwitches } from './compare-switches.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/**
 * Everything but rows: what exists, what is invalid, NOT VALID or disabled, sequences, grants, roles and materialized
 * views. What a stage leaves out on purpose (triggers before the cutover, say) is found too; the caller knows the stage.
 */
export function compareSchemas(input: SchemaInput): readonly SchemaFinding[] {
  return [
    compareObjects,
    compareSwitches,
    compareSequences,
    compareGrants,
    compareRoles,
    compareMaterializedViews,
  ].flatMap((compare) => compare(input))
}
