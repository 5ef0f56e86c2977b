import type { BeltRecord, Catalog } from '../catalog/catalog.js'
import type { Inspection } from '../catalog/inspection.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'
import { fenceId, isOpenByRecords, openId } from './fence-record.js'
import { namesOf } from './names.js'

const LONG_AGO = '1970-01-01T00:00:00.000Z'

/**
 * What an inspection is when the source is switched off for good: the target as it stands, and for the source the same
 * objects with nothing of belt's, so that every rule finds there what it needs and nothing to do. Undefined when neither
 * the state nor the target's own records say which migration this is.
 */
export function withoutSource(
  spec: Spec,
  target: Catalog,
  state: State | undefined,
  replicationLogin: Inspection['replicationLogin']['target'],
): Inspection | undefined {
  const lineage = state?.lineage ?? lineageOnly(spec.name, target)
  if (lineage === undefined) return undefined
  return {
    source: standIn(spec, target, state, lineage),
    target,
    sameCluster: false,
    gone: { lineage },
    replicationLogin: { source: 'unknown', target: replicationLogin },
  }
}

/** The lost state's: of the lineages that a database remembers the one that goes by the migration's name. */
export function lineageOnly(name: string, catalog: Catalog): string | undefined {
  const lineages = [...new Set((catalog.records ?? []).map((r) => r.lineage))]
  const made = new Set([...catalog.publications, ...catalog.subscriptions, ...catalog.slots].map((o) => o.name))
  const named = lineages.filter((lineage) => {
    const { forward, reverse } = namesOf(name, lineage)
    return [forward, reverse].some((d) => made.has(d.publication) || made.has(d.subscription) || made.has(d.slot))
  })
  const [only, ...others] = named.length > 0 ? named : lineages
  return others.length === 0 ? only : undefined
}

function standIn(spec: Spec, target: Catalog, state: State | undefined, lineage: string): Catalog {
  const { pglogical: _nodes, beltStates: _states, recordsUnreadable: _rights, ...objects } = target
  const { systemIdentifier = 'gone', major, version, timeline } = state?.source ?? {}
  return {
    ...objects,
    side: 'source',
    server: {
      ...target.server,
      systemIdentifier,
      major: major ?? target.server.major,
      version: version ?? target.server.version,
      timeline: timeline ?? 1,
    },
    database: { ...target.database, name: state?.source.database ?? spec.source.database },
    me: { ...target.me, name: spec.source.admin.user },
    publications: [],
    subscriptions: [],
    slots: [],
    origins: [],
    records: recordsOfSource(target, lineage),
    beltTables: [],
    beltReaders: {},
    activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [] },
  }
}

/** Where the target says that it was opened, the source had been closed for it. */
function recordsOfSource(target: Catalog, lineage: string): readonly BeltRecord[] {
  const mine = (target.records ?? []).filter((r) => r.lineage === lineage)
  const opened = isOpenByRecords('target', (action) => mine.some((r) => r.action === action))
  const record = (action: string): BeltRecord => ({ lineage, action, object: 'gone', before: null, at: LONG_AGO })
  return opened ? [record(fenceId('source')), record(openId('target'))] : []
}
