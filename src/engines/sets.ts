import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { OPERATIONS } from '../core/table-part.js'
import type { Operation, TablePart } from '../core/table-part.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { publishedTables } from './published-tables.js'

/** A publication or replication set of one direction: tables of which the same kinds of change are carried. */
export interface PublishedSet {
  readonly name: string
  /** What tells it from the direction's other sets, in ids and at the end of its name; '' for the first. */
  readonly key: string
  readonly operations: readonly Operation[]
  readonly tables: readonly PublishedTable[]
}

/** Asked for many times over one plan, of databases with many tables. */
const known = new WeakMap<MigrationContext, Partial<Record<Side, readonly [PublishedSet, ...PublishedSet[]]>>>()

/** The first carries every kind of change, and belt's marker table is in it; others stand only where a table needs them. */
export function setsOf(context: MigrationContext, publisher: Side): readonly [PublishedSet, ...PublishedSet[]] {
  const before = known.get(context)
  const sets = before?.[publisher] ?? makeSets(context, publisher)
  known.set(context, { ...before, [publisher]: sets })
  return sets
}

function makeSets(context: MigrationContext, publisher: Side): readonly [PublishedSet, ...PublishedSet[]] {
  const { publication } = publishedFrom(publisher, context.names)
  const whole: PublishedTable[] = []
  const others = new Map<string, { readonly operations: readonly Operation[]; readonly tables: PublishedTable[] }>()
  for (const table of publishedTables(context)) {
    const operations = operationsOf(table.part, publisher)
    const key = operations.map((o) => o[0]).join('')
    const set = others.get(key) ?? { operations, tables: [] }
    if (operations.length === OPERATIONS.length) whole.push(table)
    else {
      set.tables.push(table)
      others.set(key, set)
    }
  }
  const more = [...others].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    { name: publication, key: '', operations: OPERATIONS, tables: whole },
    ...more.map(([key, set]) => ({ name: `${publication}_${key}`, key, ...set })),
  ]
}

/** Somebody takes what is published in that direction: then it cannot be made anew without losing what comes between. */
export function isSubscribed(context: MigrationContext, publisher: Side): boolean {
  const { subscription } = publishedFrom(publisher, context.names)
  return context[otherSide(publisher)].subscriptionByName(subscription) !== undefined
}

/** A TRUNCATE on the target would empty the source of the rows, too, that a filter has left there. */
function operationsOf(part: TablePart | undefined, publisher: Side): readonly Operation[] {
  const { operations = OPERATIONS, filter } = part ?? {}
  return publisher === 'target' && filter !== undefined ? operations.filter((o) => o !== 'truncate') : operations
}

/** The set that a table streams in. */
export function setOf(context: MigrationContext, publisher: Side, { schema, name }: QualifiedName): PublishedSet {
  const sets = setsOf(context, publisher)
  return sets.find((s) => s.tables.some((t) => t.schema === schema && t.name === name)) ?? sets[0]
}

/** Names of a direction's sets that stand on the side that publishes, whatever the spec says by now; another tool has but one. */
export function setNamesThere(context: MigrationContext, publisher: Side): readonly string[] {
  const { publication } = publishedFrom(publisher, context.names)
  const catalog = context[publisher]
  const names = [...catalog.publications, ...(catalog.pglogical?.sets ?? [])].map((p) => p.name)
  const isMore = (name: string): boolean =>
    name.startsWith(`${publication}_`) && /^[iudt]+$/.test(name.slice(publication.length + 1))
  return names.filter((name) => name === publication || (context.names.adopted !== true && isMore(name)))
}
