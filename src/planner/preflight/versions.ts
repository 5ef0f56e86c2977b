import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'

const OLDEST = 12
const NEWEST_TESTED = 18

/** Servers belt does not know are refused (too old) or pointed out (newer than tested). */
export function checkVersions(context: MigrationContext): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  for (const side of SIDES) {
    const { major, version } = context[side].server
    if (major < OLDEST) {
      found.push({
        severity: 'error',
        code: 'version-too-old',
        side,
        message: `the ${side} is Postgres ${version}; belt needs ${String(OLDEST)} or later: before it, generated columns, CONCURRENTLY on partitions and most progress views are missing`,
        fix: 'Move this database with pg_dump, or upgrade it in place first.',
      })
    }
    if (major > NEWEST_TESTED) {
      found.push({
        severity: 'warning',
        code: 'version-untested',
        side,
        message: `the ${side} is Postgres ${version}; belt was tested up to ${String(NEWEST_TESTED)}`,
        fix: 'Try the migration on a copy first.',
      })
    }
  }
  if (context.target.server.major < context.source.server.major) {
    found.push({
      severity: 'warning',
      code: 'version-downgrade',
      side: 'target',
      message: `the target (${String(context.target.server.major)}) is older than the source (${String(context.source.server.major)}); statements it does not know will be refused`,
      fix: 'Stop at stage prepared first: it makes the whole schema without moving a row.',
    })
  }
  return found
}
