import { fc } from '../../../support/properties.js'
import type { Catalog } from '../../../../src/catalog/catalog.js'
import { objectKey, textKey } from '../../../../src/catalog/object-key.js'
import type { ObjectKey, ObjectKind } from '../../../../src/catalog/object-key.js'
import type { Index, Table } from '../../../../src/catalog/relations.js'
import type { SchemaObject } from '../../../../src/catalog/schema-script.js'
import { quoteIdent, quoteQualified } from '../../../../src/core/quote.js'
import { fingerprint } from '../../../../src/core/fingerprint.js'
import { hostileNames } from '../../core/hostile.js'
import { column, index, role, table } from './catalog.js'

export type RandomDatabase = Pick<Catalog, 'tables' | 'indexes' | 'schemas' | 'script' | 'roles' | 'materializedViews'>

interface Shape {
  readonly schema: string
  readonly name: string
  readonly column: string
  readonly keyed: boolean
  readonly unlogged: boolean
  readonly identity: boolean
  readonly secured: boolean
  readonly comment: boolean
  readonly index: string | undefined
  readonly trigger: string | undefined
  readonly always: boolean
  readonly check: string | undefined
  readonly notValid: boolean
}

/** Few names, so that schemas, tables, columns and roles share them, and pairs of them that only quotes tell apart. */
const names = fc.oneof(
  fc.constantFrom('source', 'target', 'a', 'b', 'a.b', 'b.c', 'source.replication', 'Ä "q"'),
  hostileNames,
)

const shapes: fc.Arbitrary<Shape> = fc.record({
  schema: names,
  name: names,
  column: names,
  keyed: fc.boolean(),
  unlogged: fc.boolean(),
  identity: fc.boolean(),
  secured: fc.boolean(),
  comment: fc.boolean(),
  index: fc.option(names, { nil: undefined }),
  trigger: fc.option(names, { nil: undefined }),
  always: fc.boolean(),
  check: fc.option(names, { nil: undefined }),
  notValid: fc.boolean(),
})

/** A database of up to eight tables with what belongs to them, and up to three roles. */
export const randomDatabases: fc.Arbitrary<{ readonly database: RandomDatabase; readonly roles: readonly string[] }> =
  fc
    .record({
      shapes: fc.uniqueArray(shapes, { maxLength: 8, selector: (s) => quoteQualified(s.schema, s.name) }),
      roles: fc.uniqueArray(names, { maxLength: 3 }),
    })
    .map(({ shapes: all, roles }) => {
      const taken = new Set<string>()
      const objects = all.flatMap((shape) => objectsOf(shape, taken)).map((o, order) => ({ ...o, order }))
      const schemas = [...new Set(all.map((s) => s.schema))]
      return {
        roles,
        database: {
          tables: all.map(tableOf),
          indexes: objects.flatMap((o) => indexOf(o)),
          schemas: schemas.map((name) => ({ name, owner: 'postgres', usage: ['postgres'] })),
          script: {
            objects: [...schemas.map((name) => object('schema', objectKey('schema', name), { name })), ...objects],
            tool: { kind: 'bundled', version: '18' } as const,
          },
          roles: [
            role('postgres', { superuser: true }),
            ...roles.map((r, n) => role(r, { memberOf: memberships(roles, n) })),
          ],
          materializedViews: [],
        },
      }
    })

function memberships(roles: readonly string[], n: number): { role: string; grantor: string; admin: boolean }[] {
  return roles.slice(0, n).map((r) => ({ role: r, grantor: 'postgres', admin: false }))
}

function tableOf(shape: Shape): Table {
  const key = shape.keyed ? [shape.column] : []
  return table(shape.name, {
    schema: shape.schema,
    columns: [column(shape.column, 'integer', { identity: shape.identity ? 'always' : undefined })],
    identityColumns: key,
    persistence: shape.unlogged ? 'unlogged' : 'permanent',
    rowSecurity: shape.secured,
  })
}

function indexOf(o: SchemaObject): readonly Index[] {
  if (o.kind !== 'index' || o.schema === undefined || o.table === undefined) return []
  return [index(o.name, o.table.name, { schema: o.schema })]
}

function object(kind: ObjectKind, key: ObjectKey, more: Partial<SchemaObject>): SchemaObject {
  const statements = [`make ${key}`]
  return { key, kind, name: '', roles: [], statements, redacted: [], order: 0, fingerprint: fingerprint(key), ...more }
}

/** Everything pg_dump would say of a table; names of indexes are unique within a schema. */
function objectsOf(shape: Shape, taken: Set<string>): readonly SchemaObject[] {
  const { schema, name, column: col } = shape
  const of = { schema, table: { schema, name } }
  const key = objectKey('table', schema, name)
  const part = (kind: ObjectKind, part: string, more: Partial<SchemaObject> = {}): SchemaObject =>
    object(kind, objectKey(kind, schema, name, part), { ...of, name: part, ...more })
  const indexName = shape.index === undefined ? undefined : quoteQualified(schema, shape.index)
  const free = indexName !== undefined && !taken.has(indexName)
  if (free) taken.add(indexName)
  return [
    object('table', key, { schema, name }),
    ...(shape.comment ? [object('comment', textKey('comment', key), { ...of, name, about: key })] : []),
    ...(shape.comment
      ? [
          object('comment', textKey('comment', `column ${quoteQualified(schema, name)}.${quoteIdent(col)}`), {
            ...of,
            name,
            about: key,
          }),
        ]
      : []),
    object('grant', textKey('grant', key), { ...of, name, about: key }),
    ...(shape.identity ? [part('identity', col)] : []),
    ...(shape.secured ? [object('row security', objectKey('row security', schema, name), { ...of, name })] : []),
    ...(shape.keyed
      ? [part('constraint', `${name}_pkey`, { constraint: { type: 'primary key', notValid: false } })]
      : []),
    ...(shape.check === undefined || shape.check === `${name}_pkey`
      ? []
      : [part('constraint', shape.check, { constraint: { type: 'check', notValid: shape.notValid } })]),
    ...(free && shape.index !== undefined
      ? [object('index', objectKey('index', schema, shape.index), { ...of, name: shape.index })]
      : []),
    ...(shape.trigger === undefined
      ? []
      : [
          part('trigger', shape.trigger),
          ...(shape.always ? [part('trigger enablement', shape.trigger, { enablement: 'always' })] : []),
        ]),
  ]
}
