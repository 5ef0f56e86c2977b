import type { ActionId } from '../actions/base.js'
import type { Ensure } from '../actions/ensure.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { MigrationContext } from '../migration/context.js'

/** A table of the target that is to be copied anew. */
export interface Resynced extends QualifiedName {
  /** The record on the target that this was begun, written first. */
  readonly begun: ActionId
  /** The record that the old rows are gone, written with the last of them. */
  readonly emptied: ActionId
  /** Foreign keys of other tables refer to it, so that TRUNCATE would be refused. */
  readonly referenced: boolean
}

/** What takes the rows of these tables away, after `after`. */
export type Resync = (
  context: MigrationContext,
  tables: readonly Resynced[],
  after: readonly ActionId[],
) => readonly Ensure[]
