import { column, keyless, slot, subscription, table } from '../catalog.js'
import { PGLOGICAL_READY } from './pglogical.js'
import { NAMES, type Trouble } from './trouble.js'

const ORDERS = table('orders', {
  columns: [column('id'), column('region', 'text'), column('sum', 'numeric', { generated: 'stored' })],
})
const FILTERED = 'scope: { tables: { row_filters: { public.orders: "id > 7" } } }'
const LISTED = 'scope: { tables: { column_lists: { public.orders: [id, region] } } }'

/** As belt has published it: the server prints the filter in its own way. */
function published(filter: string, recorded: string, printed = filter): Trouble['situation'] {
  return {
    lines: [FILTERED],
    source: {
      tables: [ORDERS],
      slots: [{ ...slot(NAMES.forward.slot), database: 'shop' }],
      publications: [
        {
          name: NAMES.forward.publication,
          owner: 'postgres',
          allTables: false,
          operations: ['insert', 'update', 'delete', 'truncate'],
          viaRoot: false,
          tables: [{ schema: 'public', name: 'orders', part: { filter } }],
        },
      ],
      beltTables: ['record'],
      records: [
        {
          lineage: NAMES.lineage,
          action: 'part.source',
          object: 'public.orders',
          before: { part: { filter: recorded }, printed },
          at: '2026-11-05T10:00:00Z',
        },
      ],
    },
    target: { tables: [ORDERS], subscriptions: [subscription(NAMES.forward.subscription)] },
  }
}

export const AS_PUBLISHED = published('(id > 7)', 'id > 7')

export const PART_TROUBLES: readonly Trouble[] = [
  {
    situation: { lines: [FILTERED], source: { tables: [ORDERS] } },
    says: 'info part-of-table (source): only a part of public.orders moves: rows where id > 7',
    fix: 'Other rows stay on the source',
  },
  {
    situation: { lines: [LISTED], source: { tables: [ORDERS] } },
    says: 'info part-of-table (source): only a part of public.orders moves: columns id, region',
    fix: 'does not come back in a rollback',
  },
  {
    situation: { lines: [FILTERED], source: { tables: [keyless('orders')] } },
    says: 'error part-table (source): scope.tables names a part of public.orders, and only tables that stream by a key can move in part',
    fix: 'give it a primary key',
  },
  {
    situation: { lines: [FILTERED], source: { tables: [table('orders', { kind: 'partitioned table' })] } },
    says: 'error part-table (source)',
    fix: 'name those',
  },
  {
    situation: {
      lines: [FILTERED],
      source: { tables: [ORDERS] },
      parts: [{ relation: 'public.orders', withoutDefault: [], refused: 'column "when" does not exist' }],
    },
    says: 'error part-filter (source): the row filter of public.orders cannot be published: column "when" does not exist',
  },
  {
    situation: {
      lines: ['scope: { tables: { column_lists: { public.orders: [id, nothing] } } }'],
      source: { tables: [ORDERS] },
    },
    says: 'error part-columns (source): the column list of public.orders names what is no column of it: nothing',
  },
  {
    situation: {
      lines: ['scope: { tables: { column_lists: { public.orders: [region] } } }'],
      source: { tables: [ORDERS] },
    },
    says: 'error part-columns (source): the column list of public.orders lacks columns of its key: id',
  },
  {
    situation: {
      lines: ['scope: { tables: { column_lists: { public.orders: [id, sum] } } }'],
      source: { tables: [ORDERS] },
    },
    says: 'error part-columns (source): the column list of public.orders names generated columns: sum',
  },
  {
    situation: {
      lines: [LISTED],
      source: { tables: [ORDERS] },
      parts: [{ relation: 'public.orders', withoutDefault: ['created'] }],
    },
    says: 'error part-columns (source): the column list of public.orders leaves out columns that are NOT NULL without a default: created',
  },
  {
    situation: { lines: [FILTERED], source: { tables: [ORDERS] }, from: 14 },
    says: 'error part-version (source): row filters and column lists of publications need Postgres 15, and the source is 14',
  },
  {
    situation: {
      lines: ['scope: { tables: { row_filters: { public.ordrs: "id > 7" } } }'],
      source: { tables: [ORDERS] },
    },
    says: 'error table-unknown (source): scope.tables.row_filters names public.ordrs, and no table on the source is called so; did you mean `public.orders`?',
  },
  {
    situation: {
      lines: ['scope: { tables: { operations: { public.log: [insert] } } }'],
      source: { tables: [keyless('log')] },
    },
    says: 'info part-of-table (source): only a part of public.log moves: changes insert',
    fix: 'found by the comparison',
  },
  {
    situation: {
      lines: ['scope: { tables: { operations: { public.log: [insert, update] } } }'],
      source: { tables: [keyless('log')] },
    },
    says: 'error part-table (source): scope.tables names a part of public.log',
  },
  {
    situation: {
      ...PGLOGICAL_READY,
      spec: `${PGLOGICAL_READY.spec ?? ''}scope: { tables: { operations: { public.orders: [insert] } } }\n`,
      source: { ...PGLOGICAL_READY.source, tables: [table('orders')] },
      target: {
        ...PGLOGICAL_READY.target,
        subscriptions: [
          { ...subscription(NAMES.forward.subscription), of: 'pglogical', publications: [NAMES.forward.publication] },
        ],
      },
    },
    says: `error part-later (target): the subscription does not take replication set ${NAMES.forward.publication}_i, and pglogical would not copy what is added to it now: public.orders`,
    fix: 'belt plan --restart',
  },
  {
    situation: {
      lines: ['scope: { tables: { row_filters: { public.low: "id > 7" } } }'],
      source: {
        tables: [
          table('all', { kind: 'partitioned table' }),
          ...['low', 'high'].map((name) =>
            table(name, { isPartition: true, parents: [{ schema: 'public', name: 'all' }] }),
          ),
        ],
      },
    },
    says: 'warning part-siblings (source): public.high moves whole, and only rows that fit a filter of public.low, a partition beside it',
  },
  {
    situation: {
      ...AS_PUBLISHED,
      source: {
        ...AS_PUBLISHED.source,
        publications: (AS_PUBLISHED.source?.publications ?? []).map((p) => ({ ...p, schemas: ['archive'] })),
      },
    },
    says: `error replication-broken (source): publication ${NAMES.forward.publication} on the source publishes whole schemas (archive) too`,
    fix: 'drop tables in schema archive;',
  },
  {
    situation: published('(id > 8)', 'id > 7', '(id > 7)'),
    says: 'error replication-broken (source): public.orders is published from the source with another row filter, column list or kinds of change than the spec has',
    fix: 'belt plan --resync public.orders',
  },
  {
    situation: published('(id > 8)', 'id > 8'),
    says: 'error replication-broken (source): public.orders is published from the source with another row filter',
  },
]
