import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Condition } from '../../actions/condition.js'
import { withAncestors } from '../../catalog/inheritance.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { objectKey } from '../../catalog/object-key.js'
import { mayMakeEventTriggers } from '../../catalog/provider.js'
import type { Trigger } from '../../catalog/relations.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import { triggerAbove } from '../schema/trigger-above.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'

type Enabled = Trigger['enabled']
interface Firing {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly enabled: Enabled
}

/** A trigger or event trigger, by what switches it and what shows how it stands. */
interface Switch {
  readonly kind: 'trigger' | 'event trigger'
  /** What its record is about. */
  readonly object: string
  /** As the application has it where it is served. */
  readonly enabled: Enabled
  readonly lock?: string
  readonly sql: (enabled: Enabled) => string
  readonly stands: (catalog: IndexedCatalog) => boolean
  readonly wants: (enabled: Enabled) => Condition
}

const WORDS: Readonly<Record<Enabled, string>> = {
  origin: 'enable',
  disabled: 'disable',
  always: 'enable always',
  replica: 'enable replica',
}

/**
 * Triggers that also fire for replicated rows (rule 5), and event triggers, which belt's own statements would fire: what
 * one writes on a side that is fed stands there alone, and takes a key that a row on its way has. They are enabled on the
 * side that opens, disabled on the side that will be fed, each as the application has it on whichever side it serves.
 */
export function triggerActions(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to } = handover
  const on = switchesOf(context, to)
  const off = switchesOf(context, from)
  return [
    ...(on.length === 0 ? [] : [switchAction(context, to, on, 'on', after)]),
    ...(off.length === 0 || !isFed(context, from) ? [] : [switchAction(context, from, off, 'off', after)]),
  ]
}

function switchesOf(context: MigrationContext, side: Side): readonly Switch[] {
  const all = [...firingTriggers(context).map(triggerSwitch), ...eventTriggers(context).map(eventSwitch)]
  return all.filter((t) => t.stands(context[side]) && maySwitch(context[side], t))
}

/** Without a way back nothing will be fed on the source any more. */
function isFed({ spec }: MigrationContext, from: Side): boolean {
  return spec.reverse.enabled || from === 'target'
}

/** Tables of the side that is left whose triggers are disabled inside the pause. */
export function switchedOff(context: MigrationContext, { from }: Pick<Handover, 'from'>): readonly QualifiedName[] {
  if (!isFed(context, from)) return []
  const tables = firingTriggers(context)
    .filter((t) => context[from].triggerByName(t.schema, t.table, t.name) !== undefined)
    .map(tableOf)
  return [...new Map(tables.map((t) => [quoteQualified(t.schema, t.name), t])).values()]
}

function maySwitch(catalog: IndexedCatalog, { kind }: Switch): boolean {
  return kind === 'trigger' || mayMakeEventTriggers(catalog)
}

/**
 * As the source has them now, or as its record says it had them before belt disabled them. A partition's copy of its
 * parent's trigger is switched with that, unless it is enabled in a way of its own: then it is one more, behind its parent's.
 */
export function firingTriggers(context: MigrationContext): readonly Firing[] {
  const { source, scope } = context
  const before = noted(context)
  // A copy that is not noted itself was switched along with what it is a copy of.
  const notedOf = (t: Trigger): Enabled | undefined => {
    const was = before.get(triggerObject(t))
    if (isEnablement(was)) return was
    const above = t.inherited === true ? triggerAbove(source, t) : undefined
    return above && notedOf(above)
  }
  const enabledOf = (t: Trigger): Enabled => notedOf(t) ?? t.enabled
  const fires = (t: Trigger): boolean => ['always', 'replica'].includes(enabledOf(t))
  return source.triggers
    .filter((t) => scope.routeOf(t.schema, t.table) !== undefined)
    .flatMap((t): readonly (Firing & { readonly depth: number })[] => {
      const parent = t.inherited === true ? triggerAbove(source, t) : undefined
      const isOwn = parent === undefined ? fires(t) : (fires(t) || fires(parent)) && enabledOf(t) !== enabledOf(parent)
      if (!isOwn) return []
      const { schema, table, name } = t
      return [{ schema, table, name, enabled: enabledOf(t), depth: withAncestors(source, tableOf(t)).length }]
    })
    .sort((one, other) => one.depth - other.depth)
    .map(({ schema, table, name, enabled }) => ({ schema, table, name, enabled }))
}

function tableOf({ schema, table }: Pick<Firing, 'schema' | 'table'>): QualifiedName {
  return { schema, name: table }
}

/** As `firingTriggers`; one that is disabled on the source is disabled everywhere. */
function eventTriggers(context: MigrationContext): readonly Pick<Firing, 'name' | 'enabled'>[] {
  const before = noted(context)
  return context.source.eventTriggers.flatMap(({ name, enabled }) => {
    const was = before.get(eventObject(name))
    const wanted = isEnablement(was) ? was : enabled
    return wanted === 'disabled' ? [] : [{ name, enabled: wanted }]
  })
}

function noted({ source, names }: MigrationContext): ReadonlyMap<string, unknown> {
  const records = (source.records ?? []).filter((r) => r.lineage === names.lineage && r.action === 'triggers.source')
  return new Map(records.map((r) => [r.object, r.before]))
}

function isEnablement(value: unknown): value is Enabled {
  return typeof value === 'string' && value in WORDS
}

function triggerObject(t: Pick<Firing, 'schema' | 'table' | 'name'>): string {
  return `trigger ${quoteQualified(t.schema, t.table)}.${quoteIdent(t.name)}`
}

function eventObject(name: string): string {
  return objectKey('event trigger', name)
}

function triggerSwitch({ schema, table, name, enabled }: Firing): Switch {
  const relation = quoteQualified(schema, table)
  return {
    kind: 'trigger',
    object: triggerObject({ schema, table, name }),
    enabled,
    lock: relation,
    sql: (wanted) => `alter table ${relation} ${WORDS[wanted]} trigger ${quoteIdent(name)}`,
    stands: (catalog) => catalog.triggerByName(schema, table, name) !== undefined,
    wants: (wanted) => ({ is: 'trigger', table: { schema, name: table }, name, enabled: wanted }),
  }
}

function eventSwitch({ name, enabled }: Pick<Firing, 'name' | 'enabled'>): Switch {
  return {
    kind: 'event trigger',
    object: eventObject(name),
    enabled,
    sql: (wanted) => `alter event trigger ${quoteIdent(name)} ${WORDS[wanted]}`,
    stands: (catalog) => catalog.eventTriggers.some((t) => t.name === name),
    wants: (wanted) => ({ is: 'event trigger', name, enabled: wanted }),
  }
}

function switchAction(
  context: MigrationContext,
  side: Side,
  all: readonly Switch[],
  turn: 'on' | 'off',
  after: readonly ActionId[],
): Action {
  const id = actionId('triggers', side)
  const off = turn === 'off'
  // Event triggers fire for ALTER TABLE, never for their own switch: off before all others, on after them.
  const events = all.filter((t) => t.kind === 'event trigger')
  const others = all.filter((t) => t.kind === 'trigger')
  const lastOn = [...others, ...events]
  const switches = off ? [...events, ...others] : lastOn
  const { lineage } = context.names
  const forget = `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(id)}`
  const note = (t: Switch): string => recordSql(lineage, id, t.object, t.enabled)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side,
    phase: 'pause',
    operation: 'change',
    title: titleOf(side, others.length, events.length, off),
    sql: [
      ...switches.flatMap((t) => (off ? [note(t), t.sql('disabled')] : [t.sql(t.enabled)])),
      // Enabled, they are the application's own again, to be read from the catalog.
      ...(off ? [] : [forget]),
    ],
    after,
    locks: locksOf(switches),
    timeouts: BRIEF_LOCK,
    abort: off
      ? [...lastOn.map((t) => t.sql(t.enabled)), forget]
      : [...events, ...others].flatMap((t) => [note(t), t.sql('disabled')]),
    wants: switches.map((t) => t.wants(off ? 'disabled' : t.enabled)),
  }
}

function titleOf(side: Side, triggers: number, events: number, off: boolean): string {
  const which =
    triggers === 0
      ? ''
      : `${counted(triggers, 'trigger')} on the ${side} that ${triggers === 1 ? 'fires' : 'fire'} for replicated rows`
  const those = events === 0 ? '' : counted(events, 'event trigger') + (triggers === 0 ? ` on the ${side}` : '')
  const what = [which, those].filter((words) => words !== '').join(', and ')
  return `${what}: ${off ? 'disabled while it is fed' : 'enabled'}`
}

function locksOf(switches: readonly Switch[]): readonly Lock[] {
  const relations = [...new Set(switches.flatMap((t) => t.lock ?? []))]
  return relations.map((relation) => ({ mode: 'SHARE ROW EXCLUSIVE', relation }))
}
