import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { ObjectKey } from '../../catalog/object-key.js'
import type { SchemaObject } from '../../catalog/schema-script.js'

/** `index.public.orders_idx` from `index public.orders_idx`; a comment or grant is named after what it is about. */
export function objectActionId(object: SchemaObject): ActionId {
  return actionId(object.kind, identityOf(object.key, object.kind))
}

/** The part of a key behind its kind. */
export function identityOf(key: ObjectKey, kind: string): string {
  return key.slice(kind.length + 1)
}
