import { quoteIdent } from '../core/quote.js'

/**
 * What kind of schema object a key names. Parts of a table that belt creates or compares on their own
 * (its comment, grants, replica identity, a trigger's enablement) are kinds of their own, so that one
 * object is made by exactly one action.
 */
export type ObjectKind =
  | 'access method'
  | 'aggregate'
  | 'cast'
  | 'collation'
  | 'comment'
  | 'constraint'
  | 'conversion'
  | 'default'
  | 'default acl'
  | 'domain'
  | 'event trigger'
  | 'extension'
  | 'foreign data wrapper'
  | 'foreign table'
  | 'function'
  | 'grant'
  | 'identity'
  | 'index'
  | 'index attach'
  | 'language'
  | 'materialized view'
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'policy'
  | 'procedure'
  | 'replica identity'
  | 'row security'
  | 'rule'
  | 'schema'
  | 'sequence'
  | 'sequence owner'
  | 'security label'
  | 'server'
  | 'shell type'
  | 'statistics'
  | 'table'
  | 'table attach'
  | 'text search configuration'
  | 'text search dictionary'
  | 'text search parser'
  | 'text search template'
  | 'transform'
  | 'trigger'
  | 'trigger enablement'
  | 'type'
  /** A statement of the dump that no kind of belt's covers, or that its parser does not know. */
  | 'unknown'
  | 'user mapping'
  | 'view'
  /** The query of a view that pg_dump first makes as a dummy, because it takes part in a cycle. */
  | 'view definition'
  | 'cluster on'

/**
 * Names one object of a database, the same on both sides: the kind, a space, and the identity with each part
 * quoted where SQL needs it, e.g. `table public.orders`, `function public.f(integer, text)`,
 * `constraint public.orders.orders_pkey`, `comment table public.orders`.
 */
export type ObjectKey = string & { readonly __objectKey: true }

export function objectKey(kind: ObjectKind, ...parts: readonly string[]): ObjectKey {
  return `${kind} ${parts.map(quoteIdent).join('.')}` as ObjectKey
}

/** Key of something whose identity is already text: a function signature, an operator, a cast. */
export function textKey(kind: ObjectKind, identity: string): ObjectKey {
  return `${kind} ${identity}` as ObjectKey
}
