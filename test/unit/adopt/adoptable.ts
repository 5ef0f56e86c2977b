import type { Catalog } from '../../../src/catalog/catalog.js'
import type { Inspection } from '../../../src/catalog/inspection.js'
import type { Pglogical } from '../../../src/catalog/pglogical.js'
import type { Slot, Subscription } from '../../../src/catalog/replication.js'
import type { Table } from '../../../src/catalog/relations.js'
import { type Adoption, judgeAdoption } from '../../../src/adopt/judge-adoption.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import {
  emptyCatalog,
  role,
  script,
  SETTINGS,
  slot,
  subscription,
  table,
  tableObject,
} from '../planner/support/catalog.js'

/** What differs from a migration of pgbelt from 15 to 17 that can be taken over. */
export interface Situation {
  readonly source?: Partial<Catalog>
  readonly target?: Partial<Catalog>
  readonly sets?: Partial<Readonly<Record<'source' | 'target', Pglogical['sets']>>>
  readonly nodes?: Partial<Readonly<Record<'source' | 'target', Pglogical['localNode']>>>
  readonly from?: number
  readonly to?: number
  readonly spec?: string
  readonly full?: boolean
  readonly login?: Inspection['replicationLogin']
}

export const SLOT = 'pgl_shop_pg1_pg1_pg2'
export const SPEC = MINIMAL.replace('stage:', 'engine: pglogical\nstage:')

const VERSIONS = { source: '2.4.2', target: '2.4.5' } as const
const TABLES = [table('orders'), table('parts')]
const READY = TABLES.map(({ schema, name }) => ({ schema, name, state: 'ready' as const }))

/** pg1_pg2 as it should be, or with what a test wants otherwise. */
export function forward(more: Partial<Subscription> = {}): Subscription {
  const plain = subscription('pg1_pg2', READY)
  const connection = { host: 'source.internal', port: '5432', database: 'shop', user: 'belt_replication' }
  return {
    ...plain,
    of: 'pglogical',
    publications: ['pgbelt'],
    slotName: SLOT,
    connection,
    volatile: { ...plain.volatile, workerPid: 7 },
    ...more,
  }
}

export function reverse(more: Partial<Subscription> = {}): Subscription {
  const connection = { host: 'target.internal', port: '5432', database: 'shop', user: 'belt_replication' }
  return forward({ name: 'pg2_pg1', copiesNothing: true, tables: [], connection, ...more })
}

export function pglogicalSlot(name: string, active = true): Slot {
  return { ...slot(name, active), plugin: 'pglogical_output', database: 'shop' }
}

export function pgbeltSet(tables: readonly Pick<Table, 'schema' | 'name'>[] = READY): Pglogical['sets'][number] {
  const named = tables.map(({ schema, name }) => ({ schema, name }))
  return { name: 'pgbelt', operations: ['insert', 'update', 'delete', 'truncate'], tables: named }
}

export function node(name: string, host: string, more: object = {}): NonNullable<Pglogical['localNode']> {
  return { name, interfaces: [{ name, host, port: '5432', database: 'shop', user: 'belt_replication', ...more }] }
}

export async function adoptionOf(situation: Situation = {}): Promise<Adoption> {
  const spec = await loadGood(situation.spec ?? SPEC)
  const made = (side: 'source' | 'target'): Catalog => {
    const empty = emptyCatalog(
      side,
      (side === 'source' ? situation.from : situation.to) ?? (side === 'source' ? 15 : 17),
    )
    const local = side === 'source' ? node('pg1', 'source.internal') : node('pg2', 'target.internal')
    const sets = side === 'source' ? [pgbeltSet()] : []
    return {
      ...empty,
      server: {
        ...empty.server,
        settings: { ...SETTINGS, shared_preload_libraries: 'pglogical', max_worker_processes: '20' },
      },
      extensions: [
        { name: 'pglogical', schema: 'pglogical', version: VERSIONS[side], owner: 'postgres', configTables: [] },
      ],
      roles: [...empty.roles, role('belt_replication', { superuser: true })],
      tables: TABLES,
      ...script(tableObject('orders'), tableObject('parts')),
      pglogical: {
        version: '2.4.2',
        readable: true,
        localNode: situation.nodes !== undefined && side in situation.nodes ? situation.nodes[side] : local,
        otherNodes: [],
        sets: situation.sets?.[side] ?? sets,
      },
      ...(side === 'source' ? { slots: [pglogicalSlot(SLOT)] } : { subscriptions: [forward()] }),
      ...situation[side],
    }
  }
  const inspection: Inspection = {
    source: made('source'),
    target: made('target'),
    sameCluster: false,
    replicationLogin: situation.login ?? { source: 'ok', target: 'ok' },
  }
  return judgeAdoption({
    spec,
    inspection,
    state: undefined,
    full: situation.full ?? false,
    now: '2026-11-05T10:15:00Z',
  })
}
