import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import type { Engine } from '../../engines/engine.js'
import type { Resynced } from '../../engines/resynced.js'
import type { MigrationContext } from '../../migration/context.js'
import { meantTable } from '../../spec/similar-tables.js'
import type { Stage } from '../../spec/spec.js'
import { mayHaveServed } from '../restart/refuse-restart.js'

/** Why a table of the target may not be emptied and copied anew. */
export function refuseResync(
  context: MigrationContext,
  engine: Engine,
  from: Stage,
  tables: readonly Resynced[],
): readonly Diagnostic[] {
  const { spec, target, names } = context
  if (spec.stage !== 'replicating') {
    const at = spec.positions['stage']
    return [
      refused(`a table is copied anew on the way to stage replicating, and the spec asks for ${spec.stage}`, {
        fix: 'Set stage: replicating, then plan it.',
        ...(at === undefined ? {} : { at }),
      }),
    ]
  }
  if (target.subscriptionByName(names.forward.subscription) === undefined) {
    return [refused('nothing streams to the target, so there is no copy to be made anew', { fix: 'belt plan' })]
  }
  return [
    ...mayHaveServed(context, from),
    ...engine.resync.obstacles(context, tables).map(({ message, ...more }) => refused(message, more)),
    ...tables.flatMap((table) => refuseTable(context, table, engine)),
  ]
}

function refuseTable(context: MigrationContext, table: Resynced, engine: Engine): readonly Diagnostic[] {
  const { scope, target } = context
  const relation = quoteQualified(table.schema, table.name)
  const route = scope.routeOf(table.schema, table.name)
  const subject = `table ${relation}`
  if (route !== 'replicate' && route !== 'replicate-full') {
    const why =
      route === undefined
        ? `is no table in scope${meantTable(
            relation,
            scope.tables.map(({ table: t }) => t),
          )}`
        : route === 'none'
          ? 'holds no streamed rows itself'
          : 'is copied inside the pause'
    return [
      refused(
        route === undefined ? `${relation} ${why}` : `${relation} ${why}, so it cannot be copied anew by itself`,
        {
          subject,
          fix: 'Name a table that streams.',
        },
      ),
    ]
  }
  const takenUp = engine.resync.uncarried(context).some((t) => t.schema === table.schema && t.name === table.name)
  if (table.missing && !takenUp) {
    return [refused(`${relation} is not on the target`, { subject, fix: 'belt plan makes it and copies it.' })]
  }
  if (table.referenced && !target.me.maySilenceTriggers) {
    return [
      refused(
        `foreign keys refer to ${relation}, and ${target.me.name} may not set session_replication_role, so its rows cannot go without those that refer to them`,
        { subject, fix: 'Use a login that may, or copy everything again: belt plan --restart.' },
      ),
    ]
  }
  return []
}

function refused(message: string, more: Partial<Diagnostic>): Diagnostic {
  return { severity: 'error', code: 'resync-refused', side: 'target', message, ...more }
}
