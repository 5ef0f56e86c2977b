import { objectKey } from '../../../../../src/catalog/object-key.js'
import { MINIMAL } from '../../../spec/load-text.js'
import { column, schemaObject, script, table, tableObject } from '../catalog.js'
import { NAMES, ORDERS, type Trouble } from './trouble.js'

/** The table stands in no list of the spec as it is written there. */
const CAPITALS = { tables: [table('Orders')], ...script(tableObject('Orders')) }

export const SCHEMA_TROUBLES: readonly Trouble[] = [
  {
    situation: { lines: ['scope: { schemas: [public, billing] }'] },
    says: 'error schema-unknown (source): scope.schemas names billing, which does not exist on the source',
  },
  {
    situation: { lines: ['scope: { tables: { with_rows: [public.orders, public.ordres] } }'], source: ORDERS },
    says: 'error table-unknown (source): scope.tables.with_rows names public.ordres, and no table in scope',
  },
  ...['scope: { tables: { exclude: [public.ordesr] } }', 'scope: { tables: { schema_only: [public.ordesr] } }'].map(
    (line) => ({
      situation: { lines: [line], source: ORDERS },
      says: `error table-unknown (source): scope.tables.${line.includes('exclude') ? 'exclude' : 'schema_only'} names public.ordesr, and no table on the source is called so; did you mean \`public.orders\`?`,
    }),
  ),
  {
    situation: { lines: ['scope: { tables: { exclude: [public.orders] } }'], source: CAPITALS },
    says: 'error table-unknown (source): scope.tables.exclude names public.orders, and no table on the source is called so; did you mean `public."Orders"`? Names with capitals stand in quotes.',
  },
  {
    situation: { lines: [`keyless: { tables: { 'public."orders"': copy_at_cutover } }`], source: CAPITALS },
    says: 'error table-unknown (source): keyless.tables names public.orders, and no table on the source is called so; did you mean `public."Orders"`?',
  },
  {
    situation: { lines: ['scope: { tables: { schema_only: ["public.order*"] } }'], source: CAPITALS },
    says: 'warning table-unknown (source): scope.tables.schema_only names public.order*, and no table on the source is called so; did you mean `public."Orders"`?',
  },
  {
    situation: { lines: ['scope: { tables: { with_rows: [public.orders] } }'], source: CAPITALS },
    says: 'error table-unknown (source): scope.tables.with_rows names public.orders, and no table in scope on the source is called so; did you mean `public."Orders"`?',
  },
  {
    situation: { lines: ['scope: { tables: { exclude: ["public.tmp_*"] } }'], source: ORDERS },
    says: 'warning table-unknown (source): scope.tables.exclude names public.tmp_*, and no table on the source is called so',
  },
  {
    situation: {
      lines: ['scope: { tables: { exclude: [public.spatial_ref_sys] } }'],
      source: {
        ...ORDERS,
        extensions: [{ name: 'postgis', version: '3.4', schema: 'public', owner: 'x', configTables: [] }],
      },
      target: { availableExtensions: [{ name: 'postgis', defaultVersion: '3.4' }] },
    },
    says: 'warning table-unknown (source): scope.tables.exclude names public.spatial_ref_sys, and no table',
  },
  {
    situation: { lines: ['keyless: { tables: { public.nope: copy_at_cutover } }'], source: ORDERS },
    says: 'error table-unknown (source): keyless.tables names public.nope, and no table',
  },
  {
    situation: {
      lines: ['scope: { tables: { exclude: [public.old] } }'],
      source: {
        tables: [table('old')],
        viewUses: [{ schema: 'public', name: 'history', uses: [{ schema: 'public', name: 'old' }] }],
      },
    },
    says: 'error view-outside (source): view public.history reads public.old, which is out of scope',
  },
  {
    situation: {
      lines: ['scope: { tables: { exclude: [public.old] } }'],
      source: {
        tables: [table('old'), table('orders')],
        ...script(
          schemaObject('constraint', 'fk', {
            table: { schema: 'public', name: 'orders' },
            constraint: { type: 'foreign key', notValid: false, references: { schema: 'public', name: 'old' } },
          }),
        ),
      },
    },
    says: 'warning foreign-key-outside (source): constraint public.fk refers to public.old, which is out of scope',
  },
  {
    situation: {
      lines: ['scope: { tables: { schema_only: [public.old] } }'],
      source: {
        tables: [table('old'), table('orders')],
        ...script(
          schemaObject('constraint', 'fk', {
            table: { schema: 'public', name: 'orders' },
            constraint: { type: 'foreign key', notValid: false, references: { schema: 'public', name: 'old' } },
          }),
        ),
      },
    },
    says: 'warning foreign-key-unproven (source): constraint public.fk refers to public.old, whose rows do not move; it is left out',
  },
  {
    situation: { source: script(schemaObject('security label', 'l')) },
    says: 'warning security-label (source): security label public.l: security labels are not carried over',
  },
  {
    situation: { source: script(schemaObject('unknown', 'u', { problem: 'no kind of belt covers CREATE MOON' })) },
    says: 'error object-unknown (source): belt does not understand a statement of the schema dump: no kind of belt covers CREATE MOON',
  },
  {
    situation: {
      source: ORDERS,
      target: { tables: [table('orders')], ...script(tableObject('orders', 'CREATE TABLE public.orders (id int4)')) },
    },
    says: 'warning object-differs (target): table public.orders was on the target before belt and reads differently there; two majors',
    fix: 'Source: CREATE TABLE public.orders ( id integer NOT NULL )',
  },
  {
    situation: {
      source: ORDERS,
      target: {
        tables: [table('orders', { columns: [column('id', 'bigint'), column('Extra')] })],
        ...script(tableObject('orders', 'CREATE TABLE public.orders (id bigint, "Extra" integer)')),
      },
    },
    says: 'error object-differs (target): table public.orders was on the target before belt and differs from the source: column id is integer on the source and bigint on the target; column "Extra" is only on the target',
  },
  {
    situation: {
      source: {
        ...ORDERS,
        constraints: [
          { schema: 'public', table: 'orders', name: 'ok', type: 'check', validated: true, inherited: false },
          { schema: 'public', table: 'orders', name: 'later', type: 'check', validated: false, inherited: false },
        ],
      },
      target: { tables: [table('orders')], ...script(tableObject('orders', 'CREATE TABLE public.orders (id int4)')) },
    },
    says: 'error object-differs (target): table public.orders was on the target before belt and differs from the source: check ok is missing on the target',
  },
  {
    situation: {
      source: script(schemaObject('type', 'mood', { statements: ['a'] })),
      target: script(schemaObject('type', 'mood', { statements: ['b'] })),
    },
    says: 'error object-differs (target): type public.mood was on the target before belt and differs from the source',
  },
  {
    situation: {
      source: script(schemaObject('view', 'v', { statements: ['new'] })),
      target: script(schemaObject('view', 'v', { statements: ['target text'] })),
      state: {
        format: 'belt-state/1',
        name: 'shop',
        lineage: NAMES.lineage,
        serial: 1,
        stage: 'replicating',
        source: { systemIdentifier: '7001', database: 'shop', host: 'a', port: 5432, major: 15, version: '15.1' },
        target: { systemIdentifier: '7002', database: 'shop', host: 'b', port: 5432, major: 17, version: '17.1' },
        actions: {},
        marks: {},
        pairs: {
          [objectKey('view', 'public', 'v')]: {
            source: 'what it was',
            target: schemaObject('view', 'v', { statements: ['target text'] }).fingerprint,
          },
        },
      },
    },
    says: 'error drift-object (source): view public.v has changed on the source since belt made the pair',
    fix: 'Make the same change on the target;',
  },
  {
    situation: {
      source: { extensions: [{ name: 'postgis', version: '3.4', schema: 'public', owner: 'x', configTables: [] }] },
    },
    says: 'error extension-missing (target): extension postgis 3.4 is installed on the source and is not available',
  },
  {
    situation: {
      source: { extensions: [{ name: 'hstore', version: '1.8', schema: 'public', owner: 'x', configTables: [] }] },
      target: { availableExtensions: [{ name: 'hstore', defaultVersion: '1.8' }] },
      targetSettings: { 'azure.extensions': 'PG_TRGM,pglogical' },
    },
    says: 'error extension-not-allowed (target): extension hstore is installed on the source, and the target’s azure.extensions does not allow it',
    fix: 'Add hstore to azure.extensions',
  },
  {
    situation: {
      source: { extensions: [{ name: 'hstore', version: '1.7', schema: 'public', owner: 'x', configTables: [] }] },
      target: { availableExtensions: [{ name: 'hstore', defaultVersion: '1.8' }] },
    },
    says: 'info extension-version (target): extension hstore is 1.7 on the source and will be 1.8 on the target',
  },
  {
    situation: {
      source: {
        extensions: [
          {
            name: 'cron',
            version: '1',
            schema: 'public',
            owner: 'x',
            configTables: [{ table: 'cron.job', condition: 'where true', rows: 1 }],
          },
        ],
      },
      target: { availableExtensions: [{ name: 'cron', defaultVersion: '1' }] },
    },
    says: 'warning extension-rows (source): extension cron keeps 1 row of configuration in cron.job; replication does not carry them',
    fix: 'copy (select * from cron.job where true) to stdout',
  },
  {
    situation: {
      source: {
        extensions: [
          {
            name: 'cron',
            version: '1',
            schema: 'public',
            owner: 'x',
            configTables: [{ table: 'cron.job', condition: '', rows: -1 }],
          },
        ],
      },
      target: { extensions: [{ name: 'cron', version: '1', schema: 'public', owner: 'x', configTables: [] }] },
    },
    says: 'warning extension-rows (source): extension cron may keep rows (they cannot be read) of configuration in cron.job',
  },
  {
    situation: { spec: MINIMAL.replace('stage: replicating', 'stage: cutover') },
    says: 'error stage-order: stage cutover cannot be reached from absent in one plan',
  },
]
