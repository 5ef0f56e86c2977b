import type { ActionId } from '../actions/base.js'
import type { Action } from '../actions/action.js'
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
  /** It is not on the target: the same plan makes it, and nothing of it can be lost. */
  readonly missing: boolean
}

/** Why tables cannot be copied anew now. */
export interface Obstacle {
  readonly message: string
  readonly fix: string
  readonly subject?: string
}

/** How the target gives up some tables' rows, which are copied anew. */
export interface Resync {
  /** What takes the rows of these tables away, after `after`; `replicate` waits for their copy. */
  readonly take: (
    context: MigrationContext,
    tables: readonly Resynced[],
    after: readonly ActionId[],
  ) => readonly Action[]
  readonly obstacles: (context: MigrationContext, tables: readonly Resynced[]) => readonly Obstacle[]
  /** Tables that nothing would copy but a resync, asked for or not; they may be missing on the target. */
  readonly uncarried: (context: MigrationContext) => readonly QualifiedName[]
}
