import type { ActionId, SecretUse } from '../../actions/base.js'
import type { CreateObject } from '../../actions/create-object.js'
import { factKey } from '../../catalog/facts.js'
import type { SchemaObject } from '../../catalog/schema-script.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { ObjectGroup } from './object-group.js'
import { objectActionId } from './object-id.js'

/** The action that makes a group of objects with pg_dump's own statements, as they stand in the dump. */
export function createGroup(group: ObjectGroup, phase: 'schema' | 'build', after: readonly ActionId[]): CreateObject {
  const { head, members } = group
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-object',
    id: objectActionId(head),
    side: 'target',
    phase,
    operation: 'create',
    title: titleOf(head, members),
    sql: members.flatMap((m) => m.statements),
    after,
    reads: members.flatMap((m) => [factKey('source', m.key), factKey('target', m.key)]),
    secrets: members.flatMap(secretsOf),
    makes: members.map((m) => m.key),
  }
}

/** `table public.orders (with comment, grants)`. */
export function titleOf(head: SchemaObject, members: readonly SchemaObject[]): string {
  const words = new Set(members.filter((m) => m !== head).map((m) => wordFor(m.kind)))
  return words.size === 0 ? head.key : `${head.key} (with ${[...words].sort().join(', ')})`
}

function wordFor(kind: SchemaObject['kind']): string {
  return kind === 'grant' ? 'grants' : kind === 'trigger enablement' ? 'its enablement' : kind
}

function secretsOf(object: SchemaObject): readonly SecretUse[] {
  return object.redacted.map(({ placeholder, server, user, option }) => ({
    placeholder,
    source: { from: 'foreign-option', server, ...(user === undefined ? {} : { user }), option },
    as: 'literal',
  }))
}
