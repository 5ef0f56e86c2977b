import { expect, test } from 'vitest'
import type { ObjectKind } from '../../../src/catalog/object-key.js'
import { loadEveryObject } from '../../fixtures/load-every-object.js'
import { freshDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { dumpOf, scriptOf } from './dumped.js'

/** False for what no server of the tests can hold: labels need a provider, and nothing may be unknown. */
const KINDS: Readonly<Record<ObjectKind, boolean>> = {
  'access method': true,
  aggregate: true,
  cast: true,
  'cluster on': true,
  collation: true,
  comment: true,
  constraint: true,
  conversion: true,
  default: true,
  'default acl': true,
  domain: true,
  'event trigger': true,
  extension: true,
  'foreign data wrapper': true,
  'foreign table': true,
  function: true,
  grant: true,
  identity: true,
  index: true,
  'index attach': true,
  language: true,
  'materialized view': true,
  operator: true,
  'operator class': true,
  'operator family': true,
  policy: true,
  procedure: true,
  'replica identity': true,
  'row security': true,
  rule: true,
  schema: true,
  'security label': false,
  sequence: true,
  'sequence owner': true,
  server: true,
  'shell type': true,
  statistics: true,
  table: true,
  'table attach': true,
  'text search configuration': true,
  'text search dictionary': true,
  'text search parser': true,
  'text search template': true,
  transform: true,
  trigger: true,
  'trigger enablement': true,
  type: true,
  unknown: false,
  'user mapping': true,
  view: true,
  'view definition': true,
}

test('the fixture holds every kind of object, and each is found under the key others use', async () => {
  const database = await freshDatabase(await sharedServer(18), 'kinds')
  await loadEveryObject(database)
  const { objects } = await scriptOf(await dumpOf(database))
  const expected = Object.entries(KINDS).flatMap(([kind, held]) => (held ? [kind] : []))
  expect([...new Set(objects.map(({ kind }) => kind))].sort()).toEqual(expected.sort())

  const byKey = new Map<string, (typeof objects)[number]>(objects.map((object) => [object.key, object]))
  expect(byKey.size).toBe(objects.length)
  // What says something about an object finds it, but for members of extensions.
  const lost = objects.filter(({ about }) => about !== undefined && !byKey.has(about))
  expect(lost.map(({ key }) => key)).toEqual(['grant function ext.hstore(text, text)'])
})

test('facts that planning relies on', async () => {
  const database = await freshDatabase(await sharedServer(18), 'facts')
  await loadEveryObject(database)
  const { objects } = await scriptOf(await dumpOf(database))
  const of = (key: string): unknown => objects.find((object) => object.key === key)
  const every = (name: string) => ({ schema: 'every', name })

  expect(of('function every.tricky(integer, text, integer[])')).toMatchObject({
    schema: 'every',
    name: 'tricky',
    roles: ['every_owner'],
  })
  expect(of('function every.tabular("char", timestamp without time zone)')).toBeDefined()
  expect(of('aggregate every.rows(*)')).toBeDefined()
  expect(of('aggregate every.middle(double precision, anyelement)')).toBeDefined()
  expect(of('operator every.@#@(NONE, integer)')).toBeDefined()
  expect(of('operator class every.integers USING btree')).toBeDefined()
  expect(of('cast (every.mood AS integer)')).toBeDefined()
  expect(of('transform FOR integer LANGUAGE sql')).toBeDefined()
  expect(of('procedure every.atomic_act(integer)')).toBeDefined()
  expect(of('grant aggregate every.total(integer)')).toMatchObject({ about: 'aggregate every.total(integer)' })
  expect(of('grant aggregate every.rows(*)')).toMatchObject({ about: 'aggregate every.rows(*)' })
  expect(of('grant table every.person')).toMatchObject({
    about: 'table every.person',
    table: every('person'),
    roles: ['every_reader', 'every_writer'],
  })
  expect(of('grant table every.item')).toMatchObject({
    roles: ['every_grantor', 'every_reader', 'every_writer'],
    statements: expect.arrayContaining(['SET SESSION AUTHORIZATION every_grantor', 'RESET SESSION AUTHORIZATION']),
  })
  expect(of('comment column every.person."Full Name"')).toMatchObject({ about: 'table every.person' })
  expect(of('comment constraint every.person.born_late')).toMatchObject({ about: 'table every.person' })
  expect(of('comment index every.person_pkey')).toMatchObject({
    about: 'constraint every.person.person_pkey',
    table: every('person'),
  })
  expect(of('grant sequence every.person_id_seq')).toMatchObject({
    about: 'identity every.person.id',
    table: every('person'),
  })
  expect(of('comment domain every.email')).toMatchObject({ about: 'domain every.email' })
  expect(of('replica identity every.derived')).toMatchObject({ replicaIdentity: 'index', name: 'derived_identity' })
  expect(of('replica identity every.base')).toMatchObject({ replicaIdentity: 'full' })
  expect(of('replica identity every.scratch')).toMatchObject({ replicaIdentity: 'nothing' })
  expect(of('trigger enablement every.person.on_always')).toMatchObject({ enablement: 'always' })
  expect(of('trigger enablement every.person."Off; --"')).toMatchObject({ enablement: 'disabled' })
  expect(of('trigger enablement every.event_2025_a.on_partition')).toMatchObject({ enablement: 'disabled' })
  expect(of('row security every.person')).toMatchObject({ statements: { length: 2 }, table: every('person') })
  expect(of('policy every.person.readers')).toMatchObject({ roles: ['Odd "Role"; --', 'every_reader'] })
  expect(of('index attach every.event_2024_pkey')).toMatchObject({
    table: every('event_2024'),
    parent: every('event_pkey'),
  })
  expect(of('table attach every.event_2024')).toMatchObject({ table: every('event_2024'), parent: every('event') })
  expect(of('table every.event')).toMatchObject({ partitioned: true })
  expect(of('constraint every.loose_null.b_given')).toMatchObject({ constraint: { type: 'not null', notValid: true } })
  expect(of('constraint every.loose_null.not_enforced')).toMatchObject({ constraint: { notValid: false } })
  expect(of('sequence owner every.item_id_seq')).toMatchObject({ table: every('item') })
  expect(of('default acl FOR ROLE every_owner IN SCHEMA every ON TABLES')).toMatchObject({
    schema: 'every',
    roles: ['every_owner', 'every_reader'],
  })
  expect(of('view every.grouped')).toMatchObject({ statements: { length: 2 } })
  expect(of('view definition every.grouped')).toMatchObject({ table: every('grouped') })
  expect(of('schema public')).toMatchObject({ schema: 'public', roles: ['every_owner'] })
})
