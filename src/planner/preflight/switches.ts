import type { ObjectKind } from '../../catalog/object-key.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { firesInReplication } from '../schema/deferred-object.js'

/** Kinds that say how something that is there behaves: no object of the dump stands for the usual state. */
const SWITCHES: ReadonlySet<ObjectKind> = new Set(['trigger enablement', 'row security'])

/** What was switched on the target by hand: there is nothing of that name on the source that it could be compared with. */
export function checkSwitchesOfTarget(context: MigrationContext): readonly Diagnostic[] {
  return only(context, 'target')
}

/** What the source has and somebody took back on the target. Before a handover alone: on the way to `replicating` belt makes it. */
export function checkSwitchesOfSource(context: MigrationContext): readonly Diagnostic[] {
  return only(context, 'source')
}

function only(context: MigrationContext, side: Side): readonly Diagnostic[] {
  const { scope, source, target } = context
  const there = side === 'source' ? target : source
  return context[side].script.objects
    .filter((o) => SWITCHES.has(o.kind) && !firesInReplication(o) && scope.includesObject(o))
    .filter((o) => !there.objectByKey.has(o.key) && standsOnBoth(o, context))
    .map((object) => ({
      severity: 'error',
      code: 'drift-object',
      side: 'target',
      subject: object.key,
      message: `${object.key} ${side === 'target' ? 'stands only on the target' : 'is not on the target'}: ${object.statements.join('; ')}`,
      fix: 'Take the change back on the target, or make the same one on the source.',
    }))
}

/** The trigger or table itself. What stands on one side only is another matter. */
function standsOnBoth({ kind, table, name }: SchemaObject, { source, target }: MigrationContext): boolean {
  if (table === undefined) return false
  const there = [source, target].every((c) => c.tableByName(table.schema, table.name) !== undefined)
  if (kind !== 'trigger enablement') return there
  return [source, target].every((c) => c.triggerByName(table.schema, table.name, name) !== undefined)
}
