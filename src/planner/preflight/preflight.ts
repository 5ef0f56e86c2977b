import type { Diagnostic } from '../../core/diagnostic.js'
import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide, sideToReopen } from '../current-stage.js'
import { checkStreams } from '../streams/findings.js'
import { checkBeyondFence } from './beyond-fence.js'
import { checkDatabases } from './database.js'
import { checkEngine } from './engine.js'
import { checkExistingObjects } from './existing-objects.js'
import { checkFence } from './fence.js'
import { checkExtensions } from './extensions.js'
import { checkFencePrivilege } from './fence-privilege.js'
import { checkSchemaPrivileges } from './schema-privileges.js'
import { checkScope } from './outside-scope.js'
import { checkOtherWriters } from './other-writers.js'
import { checkProvider } from './provider.js'
import { checkOpenedRoles } from './opened-roles.js'
import { checkPaired } from './paired.js'
import { checkParts } from './parts.js'
import { checkPauseRights } from './pause-rights.js'
import { checkPrivileges } from './privileges.js'
import { checkRoleDifferences } from './role-differences.js'
import { checkRoles } from './roles.js'
import { checkSchemaUsage } from './schema-usage.js'
import { checkSource } from './source-health.js'
import { checkSwitchesOfSource, checkSwitchesOfTarget } from './switches.js'
import { checkTables } from './tables.js'
import { checkTargetFence } from './target-fence.js'
import { checkTargetContent } from './target-content.js'
import { checkTargetInUse } from './target-in-use.js'
import { checkTimelines } from './timelines.js'
import { checkUnknownRoles, checkUnknownTables } from './unknown-names.js'
import { checkVersions } from './versions.js'

type Check = (context: MigrationContext) => readonly Diagnostic[]

const CHECKS: readonly Check[] = [
  checkEngine,
  checkVersions,
  checkDatabases,
  checkTimelines,
  checkProvider,
  checkPrivileges,
  checkPauseRights,
  checkSchemaPrivileges,
  checkSchemaUsage,
  checkTargetFence,
  checkFencePrivilege,
  checkRoles,
  checkRoleDifferences,
  checkExtensions,
  checkScope,
  checkUnknownTables,
  checkUnknownRoles,
  checkTables,
  checkParts,
  checkSource,
  checkTargetInUse,
  checkTargetContent,
  checkExistingObjects,
  checkSwitchesOfTarget,
]

/** Before a handover both sides must still be paired; what is asked of an empty target no longer holds. */
const HANDOVER_CHECKS: readonly Check[] = [
  checkTimelines,
  checkRoleDifferences,
  checkOpenedRoles,
  checkUnknownRoles,
  checkSchemaUsage,
  checkFence,
  checkBeyondFence,
  checkOtherWriters,
  checkPauseRights,
  checkFencePrivilege,
  checkExistingObjects,
  checkSwitchesOfTarget,
  checkSwitchesOfSource,
  checkPaired,
]

/** Everything that would make the migration fail or lie, found all at once before anything is changed. */
export function preflight(context: MigrationContext, engine: Engine): readonly Diagnostic[] {
  const { stage } = context.spec
  if (stage === 'absent' || stage === 'finalized') return []
  return [...brokenReplication(context, engine), ...checkStreams(context), ...checksFor(context, engine)]
}

/** While a handover is half-way its streams are taken apart on purpose. */
function brokenReplication(context: MigrationContext, engine: Engine): readonly Diagnostic[] {
  if (sideToReopen(context) !== undefined) return []
  return engine.broken(context, servingSide(context))
}

function checksFor(context: MigrationContext, engine: Engine): readonly Diagnostic[] {
  const { stage } = context.spec
  if (stage === 'cutover' || stage === 'rolled-back') return HANDOVER_CHECKS.flatMap((check) => check(context))
  return [...engine.preflight(context), ...CHECKS.flatMap((check) => check(context))]
}
