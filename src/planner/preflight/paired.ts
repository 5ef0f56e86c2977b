import type { Diagnostic } from '../../core/diagnostic.js'
import { counted } from '../../core/counted.js'
import { quoteQualified } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { STREAMED } from '../handover/compare.js'
import { missingGroups } from '../schema/missing.js'

const NAMED = 5

/**
 * Before a handover: what the serving side has got since must be on the other side too, and what holds rows must stream
 * there, or it would be lost to whoever serves next. Nothing is said where nothing streams any more: then it is over.
 */
export function checkPaired(context: MigrationContext): readonly Diagnostic[] {
  const from: Side = context.spec.stage === 'cutover' ? 'source' : 'target'
  const to = otherSide(from)
  const streaming = context[to].subscriptionByName(publishedFrom(from, context.names).subscription)
  if (streaming === undefined) return []
  const ready = new Set(
    streaming.tables.filter((t) => t.state === 'ready').map((t) => quoteQualified(t.schema, t.name)),
  )
  const absent = from === 'source' ? missingOnTarget(context) : tablesOfTarget(context)
  const still = context.scope.tables
    .filter((t) => STREAMED.has(t.route))
    .map(({ table }) => quoteQualified(table.schema, table.name))
    .filter((name) => !ready.has(name) && !absent.includes(`table ${name}`))
  return [
    ...finding(from, absent, (what) => `${what} on the ${from} and not on the ${to}`),
    ...finding(
      from,
      still.map((name) => `table ${name}`),
      (what) => `${what} on the ${from} without changes that reach the ${to}`,
    ),
  ]
}

function finding(side: Side, keys: readonly string[], say: (what: string) => string): readonly Diagnostic[] {
  if (keys.length === 0) return []
  const more = keys.length > NAMED ? `, and ${counted(keys.length - NAMED, 'more', 'more')}` : ''
  const what = `${keys.slice(0, NAMED).join(', ')}${more} ${keys.length === 1 ? 'is' : 'are'}`
  const fix =
    side === 'source'
      ? 'Go to replicating once more: its plan makes what is missing and copies it.'
      : 'Make it on the source too and bring its rows there, or name its table in scope.tables.exclude.'
  return [{ severity: 'error', code: 'not-paired', side, message: say(what), fix }]
}

/** What the cutover itself makes apart. */
function missingOnTarget(context: MigrationContext): readonly string[] {
  return missingGroups(context)
    .filter((g) => g.disposition !== 'cutover')
    .map((g) => g.head.key)
}

/** Made on the target while it served: nothing streams them back. */
function tablesOfTarget({ source, target, scope }: MigrationContext): readonly string[] {
  return target.script.objects
    .filter((o) => o.kind === 'table' && scope.includesObject(o) && !source.objectByKey.has(o.key))
    .map((o) => o.key)
}
