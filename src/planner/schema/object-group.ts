import type { SchemaObject } from '../../catalog/schema-script.js'
import type { Disposition } from './disposition.js'

/** Objects made in one action: a parent with the comment, grants and switches that belong to it. */
export interface ObjectGroup {
  readonly head: SchemaObject
  readonly members: readonly SchemaObject[]
  readonly disposition: Disposition
}
