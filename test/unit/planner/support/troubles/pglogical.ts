import type { Catalog } from '../../../../../src/catalog/catalog.js'
import type { Pglogical } from '../../../../../src/catalog/pglogical.js'
import { MINIMAL } from '../../../spec/load-text.js'
import { pglogicalSlot } from '../../../../../src/migration/pglogical-slot.js'
import { POOR, script, slot, subscription, table, tableObject } from '../catalog.js'
import type { Situation } from '../planned.js'
import { closedTarget } from './restart.js'
import { NAMES, type Trouble } from './trouble.js'

const PRELOADED = { shared_preload_libraries: 'pg_stat_statements, pglogical' }

export function available(version: string): Pick<Catalog, 'availableExtensions'> {
  return { availableExtensions: [{ name: 'pglogical', defaultVersion: version }] }
}

/** 15 to 17 with Debian's versions, ready for `engine: pglogical`. */
export const PGLOGICAL_READY: Situation = {
  spec: MINIMAL.replace('stage:', 'engine: pglogical\nstage:'),
  source: available('2.4.2'),
  target: available('2.4.5'),
  sourceSettings: PRELOADED,
  targetSettings: PRELOADED,
}

const NOBODYS: Pglogical = { version: '2.4.2', readable: true, localNode: undefined, otherNodes: [], sets: [] }

const LINE = { schema: 'public', name: 'line' }
const { publication, subscription: SUBSCRIPTION } = NAMES.forward
const SLOT = pglogicalSlot('shop', NAMES.nodes.source, SUBSCRIPTION)
const SHOP = { tables: [table('orders'), table('line')], ...script(tableObject('orders'), tableObject('line')) }

/** Both tables stream, and of `orders` pglogical does not know that it was copied. */
const MADE_AGAIN: Situation = {
  ...PGLOGICAL_READY,
  source: {
    ...available('2.4.2'),
    ...SHOP,
    slots: [{ ...slot(SLOT, true), database: 'shop', plugin: 'pglogical_output' }],
    pglogical: {
      ...NOBODYS,
      localNode: { name: NAMES.nodes.source, interfaces: [] },
      sets: [
        {
          name: publication,
          operations: ['insert', 'update', 'delete', 'truncate'],
          tables: [LINE, { schema: 'public', name: 'orders' }],
        },
      ],
    },
  },
  target: {
    ...available('2.4.5'),
    ...SHOP,
    ...closedTarget(),
    pglogical: { ...NOBODYS, version: '2.4.5', localNode: { name: NAMES.nodes.target, interfaces: [] } },
    subscriptions: [
      {
        ...subscription(SUBSCRIPTION, [{ ...LINE, state: 'ready' }]),
        of: 'pglogical',
        slotName: SLOT,
        publications: [publication],
      },
    ],
  },
  streams: [
    {
      subscriber: 'target',
      subscription: SUBSCRIPTION,
      held: 'ok',
      worker: 'steady',
      failures: [],
      log: 'read',
      workers: { running: 1, limit: 8, setting: 'max_worker_processes' },
    },
  ],
}

export const PGLOGICAL_TROUBLES: readonly Trouble[] = [
  {
    situation: { ...PGLOGICAL_READY, target: {} },
    says: 'error pglogical-missing (target): the target server does not have the extension pglogical',
    fix: 'postgresql-17-pglogical',
  },
  {
    situation: { ...PGLOGICAL_READY, source: { ...available('2.4.2'), subscriptions: [subscription('feed')] } },
    says: 'error pglogical-feed (source): the source receives rows through subscription feed, and pglogical would not pass them on',
    fix: 'Use engine: native',
  },
  {
    situation: { ...PGLOGICAL_READY, sourceSettings: { shared_preload_libraries: 'pg_stat_statements' } },
    says: 'error pglogical-preload (source): shared_preload_libraries of the source does not name pglogical',
    fix: 'alter system set shared_preload_libraries = pg_stat_statements, pglogical; then restart the server.',
  },
  {
    situation: { ...PGLOGICAL_READY, target: { ...available('2.4.5'), me: POOR } },
    says: 'error pglogical-privilege (target): poor "admin" is no superuser on the target',
  },
  {
    situation: { ...PGLOGICAL_READY, source: { ...available('2.4.2'), pglogical: { ...NOBODYS, readable: false } } },
    says: 'error pglogical-unreadable (source)',
  },
  {
    situation: {
      ...PGLOGICAL_READY,
      source: { ...available('2.4.2'), pglogical: { ...NOBODYS, localNode: { name: 'pg1', interfaces: [] } } },
    },
    says: 'error pglogical-node-taken (source): the database of the source is node pg1 of somebody else',
    fix: 'engine: native',
  },
  {
    situation: { ...PGLOGICAL_READY, sameCluster: true },
    says: 'error pglogical-same-cluster: source and target are databases of one cluster',
  },
  {
    situation: { ...PGLOGICAL_READY, from: 18, source: available('2.4.8'), to: 15, target: available('2.4.2') },
    says: 'error pglogical-versions (target): pglogical 2.4.2 on the target cannot subscribe to Postgres 18',
    fix: 'Install pglogical 2.4.5 or later on the target',
  },
  {
    situation: PGLOGICAL_READY,
    says: 'info reverse-engine: the way back is carried by engine native: pglogical 2.4.2 on the source cannot subscribe to Postgres 17',
  },
  {
    situation: {
      ...PGLOGICAL_READY,
      sourceSettings: {
        ...PRELOADED,
        output_plugin_libraries: 'pgoutput, test_decoding',
        'rds.logical_replication': 'on',
      },
    },
    says: 'error output-plugin (source): output_plugin_libraries of the source does not name pglogical_output',
    fix: 'Set output_plugin_libraries = pgoutput, test_decoding, pglogical_output in the parameter group',
  },
  {
    situation: { ...PGLOGICAL_READY, targetSettings: { ...PRELOADED, max_worker_processes: '5' } },
    says: 'error worker-processes (target): max_worker_processes is 5; pglogical needs at least 6 on the target',
  },
  {
    situation: {
      ...PGLOGICAL_READY,
      target: { ...available('2.4.5'), subscriptions: [subscription(NAMES.forward.subscription)] },
    },
    says: 'error engine-changed: native replicates now, and the spec asks for pglogical',
  },
  {
    situation: MADE_AGAIN,
    says: 'warning drift-made-again (target): public.orders was dropped and made again on the target',
    fix: 'belt plan copies it anew.',
  },
  {
    situation: { ...MADE_AGAIN, spec: MINIMAL.replace('stage: replicating', 'engine: pglogical\nstage: cutover') },
    says: 'error drift-made-again (target): public.orders was dropped and made again on the target',
    fix: 'With stage: replicating belt plan copies it anew.',
  },
]
