import type { ReplicationSet } from '../catalog/pglogical.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteQualified } from '../core/quote.js'
import { SIDES } from '../core/side.js'
import type { Side } from '../core/side.js'
import { publishedTables } from '../engines/published-tables.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { BELT_SCHEMA } from '../migration/scope.js'

/** Whole tables of the spec's scope, with every kind of change. What is missing there is added later, and no fault. */
export function checkSets(context: MigrationContext): readonly Diagnostic[] {
  return SIDES.flatMap((side) => checkSet(context, side))
}

function checkSet(context: MigrationContext, side: Side): readonly Diagnostic[] {
  const { publication: name, subscription } = publishedFrom(side, context.names)
  const set = context[side].replicationSetByName(name)
  if (set === undefined) {
    // Without a subscription to it the way back is made by belt.
    if (side === 'target' && context.source.subscriptionByName(subscription) === undefined) return []
    return [problem(side, 'adopt-set', `node ${context.names.nodes[side]} has no replication set ${name}`, SETUP)]
  }
  return [...operations(set, side), ...tables(context, set, side)]
}

function operations(set: ReplicationSet, side: Side): readonly Diagnostic[] {
  const missing = (['insert', 'update', 'delete', 'truncate'] as const).filter((o) => !set.operations.includes(o))
  if (missing.length === 0) return []
  const message = `replication set ${set.name} does not carry ${missing.join(', ')}`
  return [
    problem(
      side,
      'adopt-set',
      message,
      'What was lost already is in no log: copy anew (belt plan --restart after belt’s own start).',
    ),
  ]
}

function tables(context: MigrationContext, set: ReplicationSet, side: Side): readonly Diagnostic[] {
  const published = new Set(publishedTables(context).map(text))
  const copied = new Set(context.target.subscriptionByName(context.names.forward.subscription)?.tables.map(text))
  return set.tables.flatMap((table): readonly Diagnostic[] => {
    const name = text(table)
    const subject = `table ${name}`
    if (table.part !== undefined) {
      const message = `${name} is in set ${set.name} with a row filter or a column list, and belt takes over whole tables only`
      return [
        {
          ...problem(
            side,
            'adopt-narrowed',
            message,
            'Take it out of the set, then add it whole and resynchronize it.',
          ),
          subject,
        },
      ]
    }
    if (!published.has(name)) {
      const because = context.scope.tables.find((t) => text(t.table) === name)?.because
      const message = `${name} is in set ${set.name}, and belt would not stream it: ${because ?? 'the spec leaves it out'}`
      const fix =
        because === undefined
          ? 'Add it to scope, or take it out of the set.'
          : `Take it out of the set: select pglogical.replication_set_remove_table('${set.name}', …);`
      return [{ ...problem(side, 'adopt-extra-table', message, fix), subject }]
    }
    if (side === 'source' && !copied.has(name)) {
      const message = `${name} is in set ${set.name}, and its rows were never copied by the subscription`
      const fix = 'Take it out of the set: belt adds it again and copies just that.'
      return [{ ...problem(side, 'adopt-not-copied', message, fix), subject }]
    }
    return []
  })
}

/** Tables that belt would stream and pgbelt does not: the first plan adds and copies them. */
export function missingTables(context: MigrationContext): readonly QualifiedName[] {
  const set = context.source.replicationSetByName(context.names.forward.publication)
  const has = new Set(set?.tables.map(text))
  return publishedTables(context).filter((t) => t.schema !== BELT_SCHEMA && !has.has(text(t)))
}

function text({ schema, name }: QualifiedName): string {
  return quoteQualified(schema, name)
}

const SETUP = 'pgbelt setup makes it.'

function problem(side: Side, code: string, message: string, fix: string): Diagnostic {
  return { severity: 'error', code, side, message, fix }
}
