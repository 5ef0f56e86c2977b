import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Trigger } from '../../catalog/relations.js'
import { counted } from '../../core/counted.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'

type Enabled = Trigger['enabled']
interface Firing {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly enabled: Enabled
}

const WORDS: Readonly<Record<Enabled, string>> = {
  origin: 'enable',
  disabled: 'disable',
  always: 'enable always',
  replica: 'enable replica',
}

/**
 * Triggers that also fire for replicated rows (rule 5): enabled on the side that opens, disabled on the side that will
 * be fed, each as the application has it on whichever side it serves.
 */
export function triggerActions(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to } = handover
  const firing = firingTriggers(context)
  const on = firing.filter((t) => stands(context, to, t)).map((t) => ({ ...t, was: 'disabled' as const }))
  const off = toSwitchOff(context, from).map((t) => ({ ...t, enabled: 'disabled' as const, was: t.enabled }))
  return [
    ...(on.length === 0 ? [] : [switchAction(context, to, on, after)]),
    ...(off.length === 0 ? [] : [switchAction(context, from, off, after)]),
  ]
}

/** Tables of the side that is left whose triggers are disabled inside the pause. */
export function switchedOff(context: MigrationContext, { from }: Pick<Handover, 'from'>): readonly QualifiedName[] {
  const tables = toSwitchOff(context, from).map(({ schema, table: name }) => ({ schema, name }))
  return [...new Map(tables.map((t) => [quoteQualified(t.schema, t.name), t])).values()]
}

function toSwitchOff(context: MigrationContext, from: Side): readonly Firing[] {
  // Without a way back nothing will be fed on the source any more.
  if (!context.spec.reverse.enabled && from === 'source') return []
  return firingTriggers(context).filter((t) => stands(context, from, t))
}

function stands(context: MigrationContext, side: Side, { schema, table, name }: Firing): boolean {
  return context[side].triggerByName(schema, table, name) !== undefined
}

/** As the source has them now, or as its record says it had them before belt disabled them. */
export function firingTriggers(context: MigrationContext): readonly Firing[] {
  const { source, scope, names } = context
  const noted = (source.records ?? []).filter((r) => r.lineage === names.lineage && r.action === 'triggers.source')
  const before = new Map(noted.map((r) => [r.object, r.before]))
  return source.triggers.flatMap((t): readonly Firing[] => {
    if (t.inherited === true || scope.routeOf(t.schema, t.table) === undefined) return []
    const was = before.get(triggerObject(t))
    const enabled = isEnabled(was) ? was : t.enabled
    if (enabled !== 'always' && enabled !== 'replica') return []
    return [{ schema: t.schema, table: t.table, name: t.name, enabled }]
  })
}

function isEnabled(value: unknown): value is Enabled {
  return value === 'always' || value === 'replica'
}

function triggerObject(t: Pick<Firing, 'schema' | 'table' | 'name'>): string {
  return `trigger ${quoteQualified(t.schema, t.table)}.${quoteIdent(t.name)}`
}

function switchAction(
  context: MigrationContext,
  side: Side,
  triggers: readonly (Firing & { readonly was: Enabled })[],
  after: readonly ActionId[],
): Action {
  const id = actionId('triggers', side)
  const set = (t: Firing, enabled: Enabled): string =>
    `alter table ${quoteQualified(t.schema, t.table)} ${WORDS[enabled]} trigger ${quoteIdent(t.name)}`
  const off = triggers.every((t) => t.enabled === 'disabled')
  const { lineage } = context.names
  const forget = `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(id)}`
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side,
    phase: 'pause',
    operation: 'change',
    title: `${counted(triggers.length, 'trigger')} on the ${side} that ${triggers.length === 1 ? 'fires' : 'fire'} for replicated rows: ${off ? 'disabled while it is fed' : 'enabled'}`,
    sql: [
      ...triggers.flatMap((t) => [
        ...(off ? [recordSql(lineage, id, triggerObject(t), t.was)] : []),
        set(t, t.enabled),
      ]),
      // Enabled, they are the application's own again, to be read from the catalog.
      ...(off ? [] : [forget]),
    ],
    after,
    abort: off
      ? [...triggers.map((t) => set(t, t.was)), forget]
      : triggers.flatMap((t) => [recordSql(lineage, id, triggerObject(t), t.enabled), set(t, t.was)]),
    wants: triggers.map((t) => ({
      is: 'trigger',
      table: { schema: t.schema, name: t.table },
      name: t.name,
      enabled: t.enabled,
    })),
  }
}
