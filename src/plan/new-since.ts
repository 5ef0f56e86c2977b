import type { Action, ActionKind } from '../actions/action.js'
import type { Plan } from './plan.js'
import { canonicalJson } from '../core/fingerprint.js'
import { quoteQualified } from '../core/quote.js'
import type { QualifiedName } from '../catalog/schema-script.js'

type Handover = Pick<Plan, 'actions'>

/** One thing a handover takes care of. */
interface Part {
  /** What must be the same in both plans; never a size, an estimate or the order. */
  readonly key: string
  readonly name: string
}

/**
 * What a handover that is planned now would take care of and the plan in hand does not: who else has to be kept out,
 * tables and sequences made since, whatever changed of them that matters. What the plan in hand does beyond that is no
 * concern: it was done already, or is gone. Empty when the plan still fits, or has no pause.
 *
 * To be asked when everything that comes before the pause is done.
 */
export function newSince(inHand: Handover, now: Handover): readonly string[] {
  const fence = inHand.actions.find(closes)
  if (fence === undefined) return []
  // Something else has to be mended first: then the new plan holds nothing else.
  if (!now.actions.some((a) => a.id === fence.id)) return now.actions.map((a) => `${a.title} (${a.id})`)
  const known = new Set(inHand.actions.filter(isOfPause).flatMap((a) => partsOf(a).map((p) => p.key)))
  const fresh = now.actions.flatMap((action) => {
    if (isOfPause(action)) return partsOf(action).filter((p) => !known.has(p.key))
    return isUndone(action) ? [{ key: action.id, name: `${action.title} (${action.id})` }] : []
  })
  return [...new Set(fresh.map((p) => p.name))]
}

function closes({ id, phase }: Action): boolean {
  return phase === 'pause' && id.startsWith('fence.')
}

function isOfPause({ phase }: Action): boolean {
  return phase === 'pause'
}

/** Drafted anew by every plan, done or not. */
const EVERY_TIME: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'compare-rows',
  'gate-handover',
  'run-hook',
  'set-sequences',
  'try-dial',
])

/** What comes before the pause and is not done by now was not planned; the rest waits for the pause to be over. */
function isUndone({ kind, phase }: Action): boolean {
  return phase === 'before pause' && !EVERY_TIME.has(kind)
}

function partsOf(action: Action): readonly Part[] {
  const part = (name: string, ...what: readonly unknown[]): Part => ({
    key: canonicalJson([action.id, ...what]),
    name,
  })
  switch (action.kind) {
    // The hooks of the plan are those that were reviewed.
    case 'run-hook':
      return []
    case 'prove-quiet':
      // Asked of the same tables twice.
      return action.again === true ? [] : action.tables.map((t) => part(table(t), t.schema, t.name))
    case 'verify-handover':
      return [...action.tables, ...action.again].map((t) => part(table(t), t.schema, t.name))
    case 'set-sequences':
      return action.sequences.map((s) =>
        part(`sequence ${quoteQualified(s.schema, s.name)}`, s.schema, s.name, s.increment, s.min, s.max, s.cycle),
      )
    case 'copy-rows':
      return [part(table(action.table), action.copyOut, action.copyIn)]
    case 'create-object':
      return [part(action.title, action.sql)]
    case 'ensure':
      if (action.closesTo !== undefined) return action.closesTo.map((who) => part(who, who))
      // To whom the other side opens is as it was reviewed; the rest of them have the same SQL always.
      if (!action.wants.some((w) => w.is === 'trigger')) return [part(action.title)]
      return action.wants.map((w) => part(action.title, w))
    default:
      return [part(action.title)]
  }
}

function table({ schema, name }: QualifiedName): string {
  return `table ${quoteQualified(schema, name)}`
}
