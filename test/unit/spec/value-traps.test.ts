import { withLines } from './load-text.js'
import { describeRefusals, replaced, source, type Row } from './refusals.js'

const QUANTITIES: readonly Row[] = [
  ['a duration without unit', withLines('cutover: { max_pause: 30 }'), 'spec-value', '14:23', /needs a unit.*`30s`/s],
  ['a duration with a space', withLines('cutover: { max_pause: 30 s }'), 'spec-value', '14:23', /write `30s`/],
  ['a long unit', withLines('cutover: { max_pause: 2minutes }'), 'spec-value', '14:23', /write `2min`/],
  ['an unknown unit', withLines('cutover: { max_pause: 2 fortnights }'), 'spec-value', '14:23', /no duration/],
  ['a size without unit', withLines('cutover: { max_lag: 16 }'), 'spec-value', '14:21', /needs a unit.*`16MB`/s],
  ['a size in small letters', withLines('cutover: { max_lag: 16mb }'), 'spec-value', '14:21', /write `16MB`/],
  ['a binary unit', withLines('cutover: { max_lag: 16KiB }'), 'spec-value', '14:21', /write `16kB`/],
  ['a pause of a day', withLines('cutover: { max_pause: 1d }'), 'spec-value', '14:23', /between 1s and 1h/],
  ['no lag at all', withLines('cutover: { max_lag: 0B }'), 'spec-value', '14:21', /between 1kB and 1TB/],
  [
    'a day of no calendar',
    withLines('approve: [{ hazard: leftover, action: a, reason: r, until: 2026-02-30 }]'),
    'spec-value',
    '14:60',
    /no calendar/,
  ],
  [
    'a hazard that is misspelt',
    withLines('approve: [{ hazard: write-pauze, action: a, reason: r, until: 2999-01-01 }]'),
    'spec-enum',
    '14:21',
    /write `write-pause`/,
  ],
  [
    'a date in another order',
    withLines('approve: [{ hazard: leftover, action: a, reason: r, until: 5.12.2026 }]'),
    'spec-value',
    '14:60',
    /YYYY-MM-DD/,
  ],
]

const long = 'x'.repeat(64)
const NAMES: readonly Row[] = [
  ['a migration name with a space', replaced('name: shop', 'name: my shop'), 'spec-value', '2:7', /letters, digits/],
  ['a migration name of 41 letters', replaced('name: shop', `name: ${'a'.repeat(41)}`), 'spec-value', '2:7', /1 to 40/],
  ['a role of 64 bytes', withLines(`cutover: { except_roles: [${long}] }`), 'name-too-long', '14:27', /64 bytes/],
  [
    'a role of 32 two-byte letters',
    withLines(`cutover: { except_roles: [${'é'.repeat(32)}] }`),
    'name-too-long',
    '14:27',
    /64 bytes/,
  ],
  ['a database of 64 bytes', replaced('database: shop', `database: ${long}`), 'name-too-long', '6:13', /64 bytes/],
  ['a reserved role', replaced('{ password', '{ name: pg_belt, password'), 'spec-value', '13:24', /reserves/],
  ["Postgres' own schema", withLines('scope: { schemas: [pg_catalog] }'), 'spec-value', '14:20', /never moves/],
  ["belt's own schema", withLines('scope: { schemas: [belt] }'), 'spec-value', '14:20', /never moves/],
  [
    'a table without schema',
    withLines('keyless: { tables: { audit: copy_at_cutover } }'),
    'spec-table-name',
    '14:22',
    /public\.audit/,
  ],
  [
    'a table with capitals',
    withLines('keyless: { tables: { public.Audit: copy_at_cutover } }'),
    'spec-table-name',
    '14:22',
    /`public\."Audit"` if/,
  ],
  [
    'a table with capitals in both parts',
    withLines('keyless: { tables: { Public.Orders: copy_at_cutover } }'),
    'spec-table-name',
    '14:22',
    /write `public\."Orders"` if the name has capitals \(`'"Public"\."Orders"'` if the schema has them too\), `public\.orders` if not/,
  ],
  [
    'three parts',
    withLines('keyless: { tables: { db.public.audit: copy_at_cutover } }'),
    'spec-table-name',
    '14:22',
    /db\."public\.audit"/,
  ],
  [
    'one table in two spellings',
    withLines('keyless:', '  tables:', '    public.a: replicate_full', '    public."a": replicate_full'),
    'spec-duplicate-key',
    '17:5',
    /same table twice/,
  ],
  [
    'a pattern without schema',
    withLines('scope: { tables: { exclude: ["tmp_*"] } }'),
    'spec-table-name',
    '14:30',
    /public\.tmp_\*/,
  ],
  [
    'a pattern with a hyphen',
    withLines('scope: { tables: { exclude: [public.a-b] } }'),
    'spec-table-name',
    '14:30',
    /public\."a-b"/,
  ],
  [
    'a pattern outside the scope',
    withLines('scope: { schemas: [a], tables: { exclude: [b.x] } }'),
    'spec-outside-scope',
    '14:44',
    /no schema/,
  ],
]

const ADDRESSES: readonly Row[] = [
  ['a URL for a host', source('  host: postgres://h/db'), 'spec-value', '5:9', /is a URL/],
  ['a port in the host', source('  host: h:5432'), 'spec-value', '5:9', /put the port under/],
  ['two hosts', source('  host: "a,b"'), 'spec-value', '5:9', /several hosts/],
  ['a home folder', withLines('state: { path: ~/state.json }'), 'spec-value', '14:16', /only a shell expands/],
  [
    'one database twice',
    replaced('target.internal', 'SOURCE.internal'),
    'spec-same-database',
    '10:13',
    /same database/,
  ],
  [
    'parallel copy',
    withLines('copy: { method: parallel }'),
    'not-yet',
    '14:17',
    /parallel copy does not exist yet.*subscription/s,
  ],
  [
    'a row filter by another name',
    withLines('scope: { tables: { where: { public.orders: "id > 7" } } }'),
    'spec-unknown-key',
    '14:20',
    /did you mean `row_filters`/,
  ],
  [
    'a column list by another name',
    withLines('scope: { tables: { columns: { public.orders: [id] } } }'),
    'spec-unknown-key',
    '14:20',
    /did you mean `column_lists`/,
  ],
  [
    'a row filter of no table',
    withLines('scope: { tables: { row_filters: { orders: "id > 7" } } }'),
    'spec-table-name',
    '14:35',
    /add the schema: `public.orders`/,
  ],
]

const ENV: readonly Row[] = [
  [
    'an unset variable',
    source('  host: ${env:SOURCE_HSOT}'),
    'spec-env-unset',
    '5:9',
    /did you mean `SOURCE_HOST`/,
    { SOURCE_HOST: 'h' },
  ],
  ['a variable within text', source('  host: db.${env:ZONE}.internal'), 'spec-env-unset', '5:12', /`ZONE` is not set/],
  ['an empty variable', source('  host: ${env:ZONE}'), 'spec-env-unset', '5:9', /set but empty/, { ZONE: '' }],
  ['a shell variable', source('  host: ${HOST}'), 'spec-env-syntax', '5:9', /write `\$\{env:HOST\}`/],
  ['a default', source('  host: ${env:HOST:-x}'), 'spec-env-syntax', '5:9', /without defaults/],
  ['an open reference', source('  host: ${env:HOST'), 'spec-env-syntax', '5:9', /\$\{env:HOST\}/, { HOST: 'h' }],
  [
    'a bare reference in braces',
    replaced('{ user: postgres }', '{ user: ${env:USER} }'),
    'spec-yaml',
    '7:18',
    /must stand in quotes.*"\$\{env:USER\}"/s,
    { USER: 'u' },
  ],
  ['a word for a number', source('  host: h\n  port: ${env:PORT}'), 'spec-type', '6:9', /whole number/, { PORT: 'x' }],
]

describeRefusals('quantities', QUANTITIES)
describeRefusals('names', NAMES)
describeRefusals('addresses', ADDRESSES)
describeRefusals('${env:}', ENV)
