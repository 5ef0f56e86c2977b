import type { IndexedCatalog } from '../catalog/indexed.js'
import type { EngineName, Spec } from '../spec/spec.js'
import type { Names } from './names.js'

/** What can be carried in a direction, whoever plans it: all that rules outside `engines` need to know of an engine. */
export interface CarrierTraits {
  /** Updates and deletes of a table without a key arrive once it has REPLICA IDENTITY FULL. */
  readonly findsRowsWithoutKey: boolean
  /** A table with a generated column can be streamed. */
  readonly streamsGeneratedColumns: boolean
}

export const TRAITS: Readonly<Record<EngineName, CarrierTraits>> = {
  native: { findsRowsWithoutKey: true, streamsGeneratedColumns: true },
  // Updates and deletes of keyless tables are lost; the first change of a row with a generated column crashes the target.
  pglogical: { findsRowsWithoutKey: false, streamsGeneratedColumns: false },
}

/** Which engine carries each direction. */
export interface Carriers {
  readonly forward: EngineName
  readonly reverse: EngineName
  /** Why the way back is carried by another engine than the spec asks for. */
  readonly because?: string
}

/** A direction that stands is carried by what it was made with, whatever the spec says by now. */
export function carriersOf(
  spec: Spec,
  { forward, reverse }: Names,
  source: IndexedCatalog,
  target: IndexedCatalog,
): Carriers {
  const wanted = wantedCarriers(spec, source, target)
  const [there, back] = [
    target.subscriptionByName(forward.subscription),
    source.subscriptionByName(reverse.subscription),
  ]
  return {
    ...wanted,
    ...(there === undefined ? {} : { forward: there.of ?? 'native' }),
    ...(back === undefined ? {} : { reverse: back.of ?? 'native' }),
  }
}

function wantedCarriers(spec: Spec, source: IndexedCatalog, target: IndexedCatalog): Carriers {
  if (spec.engine === 'native') return { forward: 'native', reverse: 'native' }
  const obstacle = spec.reverse.enabled ? cannotSubscribe(source, target) : undefined
  if (obstacle === undefined) return { forward: 'pglogical', reverse: 'pglogical' }
  return { forward: 'pglogical', reverse: 'native', because: obstacle }
}

/** Version of pglogical in that database, or of what would be installed there. */
export function pglogicalVersion(catalog: IndexedCatalog): string | undefined {
  const installed = catalog.extensionByName('pglogical')?.version
  return installed ?? catalog.availableExtensions.find((e) => e.name === 'pglogical')?.defaultVersion
}

/** First version whose CREATE_REPLICATION_SLOT a server from 17 on understands (seen with 2.4.5). */
const SINCE = [2, 4, 5] as const

/** Why pglogical on one side cannot subscribe to the other, as far as versions tell. */
export function cannotSubscribe(subscriber: IndexedCatalog, publisher: IndexedCatalog): string | undefined {
  const version = pglogicalVersion(subscriber)
  if (version === undefined || publisher.server.major < 17) return undefined
  const parts = version.split('.').map(Number)
  const order = SINCE.map((wanted, at) => (parts[at] ?? 0) - wanted).find((difference) => difference !== 0) ?? 0
  if (order >= 0) return undefined
  return `pglogical ${version} on the ${subscriber.side} cannot subscribe to Postgres ${String(publisher.server.major)}, which does not understand how it asks for a slot`
}
