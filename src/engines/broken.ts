import type { IndexedCatalog } from '../catalog/indexed.js'
import type { Subscription } from '../catalog/replication.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { lsnDistance, parseLsn } from '../core/lsn.js'
import { quoteQualified } from '../core/quote.js'
import { shellWord } from '../core/shell-word.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { keptBack } from './kept-back.js'

/** More tables than these are copied anew with all others. */
const FEW = 8

/**
 * Why the stream from a side cannot go on without losing rows (rule 12). A slot that is made again would begin now and
 * leave out, without a word, all that was written since the old one: so nothing is planned but to copy anew.
 */
export function brokenStream(context: MigrationContext, publisher: Side, plugin: string): readonly Diagnostic[] {
  const { subscription: name, slot } = publishedFrom(publisher, context.names)
  const subscription = context[otherSide(publisher)].subscriptionByName(name)
  const broken =
    subscription === undefined
      ? noWayBack(context, publisher)
      : (copyLost(context, subscription, publisher) ??
        reasonOf(context[publisher], context[otherSide(publisher)], subscription, { slot, plugin }))
  const kept =
    broken === undefined && subscription !== undefined ? keptBack(context, publisher, subscription) : undefined
  const why = broken ?? kept?.why
  if (why === undefined) return []
  const lost =
    publisher === 'source'
      ? copyAnew(context, kept?.tables)
      : 'The source lacks what was written on the target since, so rolling back would lose it: stay on the target (stage: finalized, or reverse: { enabled: false } until then).'
  const fix = kept?.fix ?? lost
  return [
    { severity: 'error', code: 'replication-broken', side: publisher, subject: `slot ${slot}`, message: why, fix },
  ]
}

/** Of a few tables, where the engine can do that; otherwise of all. */
function copyAnew({ carriers }: MigrationContext, tables: readonly string[] = []): string {
  const all = 'Copy again from the start: belt plan --restart.'
  if (tables.length === 0 || tables.length > FEW || carriers.forward === 'pglogical') return all
  const words = tables.map((table) => ` --resync ${shellWord(table)}`)
  return `Copy ${tables.length === 1 ? 'that table' : 'those tables'} anew: belt plan${words.join('')}.`
}

/**
 * The way back is made before a cutover closes anything, so once the target serves it stands or can never be: a
 * subscription that is made now would begin now.
 */
function noWayBack({ spec, names }: MigrationContext, publisher: Side): string | undefined {
  if (publisher !== 'target' || !spec.reverse.enabled || spec.stage === 'finalized') return undefined
  return `the target serves and subscription ${names.reverse.subscription} of the way back is not there on the source: what changed on the target since is lost to it`
}

function reasonOf(
  publisher: IndexedCatalog,
  subscriber: IndexedCatalog,
  subscription: Subscription,
  { slot: name, plugin }: { readonly slot: string; readonly plugin: string },
): string | undefined {
  const { side } = publisher
  const slot = publisher.slotByName(name)
  const lost = `what changed on the ${side} since is lost to subscription ${subscription.name}`
  // pglogical's worker makes the slot itself, before it notes the first table.
  if (slot === undefined && subscription.of === 'pglogical' && subscription.tables.length === 0) return undefined
  if (slot === undefined) return `slot ${name} is not there on the ${side} any more, and ${lost}`
  if (slot.walStatus === 'lost')
    return `slot ${name} on the ${side} is invalid, because the server has removed log that it kept, and ${lost}`
  if (slot.plugin !== plugin || slot.database !== publisher.database.name) {
    return `slot ${name} on the ${side} is another one now (${slot.plugin}, database ${slot.database}), and ${lost}`
  }
  const applied = subscriber.origins.find((o) => o.name === subscription.origin)?.volatile.remoteLsn
  const written = publisher.server.volatile.currentLsn
  if (applied === undefined || lsnDistance(parseLsn(written), parseLsn(applied)) <= 0n) return undefined
  return `the ${subscriber.side} has applied changes up to ${applied} and the ${side} has only written up to ${written}: it was put back to an earlier state`
}

/** What comes of the failure that is looked for, in the words of pglogical and of the session that it copies through. */
const FOLLOWS = /nonrecoverable step|table copy failed|current transaction is aborted/

/**
 * pglogical notes how far its initial copy is and goes on from no step of it: whoever starts in the middle ends at once,
 * again and again (seen: “nonrecoverable step (d)”).
 */
function copyLost(
  { inspection, ...catalogs }: MigrationContext,
  subscription: Subscription,
  publisher: Side,
): string | undefined {
  if (subscription.copyBegun !== true) return undefined
  const subscriber = otherSide(publisher)
  const seen = inspection.streams?.find((s) => s.subscriber === subscriber && s.subscription === subscription.name)
  const runs = subscription.volatile.workerPid !== undefined && (seen?.worker ?? 'steady') === 'steady'
  if (runs) return undefined
  const first = seen?.failures.find((f) => !FOLLOWS.test(f.message))
  const table = first?.table === undefined ? '' : `, table ${quoteQualified(first.table.schema, first.table.name)}`
  const why = first === undefined ? '' : `: ${first.message}${table}${first.key === undefined ? '' : `, ${first.key}`}`
  return `the worker of subscription ${subscription.name} ended within the initial copy, which pglogical on the ${catalogs[subscriber].side} cannot go on with${why}`
}
