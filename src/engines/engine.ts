import type { Action } from '../actions/action.js'
import type { Ensure } from '../actions/ensure.js'
import type { ActionId } from '../actions/base.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import type { Handover } from '../migration/direction.js'
import type { Draft } from '../migration/draft.js'
import type { Resync } from './resynced.js'

/**
 * How changes travel from one side to the other. The planner asks an engine for actions and never asks which engine
 * it is; adding one means adding a folder and an entry in `engineFor`.
 */
export interface Engine {
  /** What this engine needs of both servers, in both directions when reverse replication is wanted. */
  readonly preflight: (context: MigrationContext) => readonly Diagnostic[]
  /** Why the stream from a side, where there is one, cannot go on without losing rows: an error for each reason. */
  readonly broken: (context: MigrationContext, publisher: Side) => readonly Diagnostic[]
  /** Sets up the forward direction after the schema stands, and waits until every table is copied. */
  readonly replicate: (context: MigrationContext, after: readonly ActionId[]) => Draft
  /** The action whose end means that every table is copied. */
  readonly copied: ActionId
  /** The rows of some tables of the target are taken away, so that `replicate` copies just these anew. */
  readonly resync: Resync
  /** A subscription whose worker fails tries again now, where it would wait long by itself. */
  readonly retry: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Ensure[]
  /** The subscription of the direction that begins at `publisher` gets the connection and passwords of the spec. */
  readonly redial: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Ensure[]
  /** Gates and proofs at the end of stage `replicating`. */
  readonly settle: (context: MigrationContext, after: readonly ActionId[]) => readonly Action[]
  /** Before anything that takes its time: the way back's subscriber reaches its publisher. Empty with reverse disabled. */
  readonly tryDial: (context: MigrationContext, handover: Handover) => readonly Action[]
  /** Before the pause: what the way back needs, while waiting for it is harmless. Empty with reverse disabled. */
  readonly prepareReturn: (
    context: MigrationContext,
    handover: Handover,
    after: readonly ActionId[],
  ) => readonly Action[]
  /** Inside the pause, first: waits until the side that will serve has everything. */
  readonly drain: (context: MigrationContext, handover: Handover, after: readonly ActionId[]) => readonly Action[]
  /** Inside the pause, last: changes stop flowing the old way and can begin to flow back from exactly here. */
  readonly turnAround: (context: MigrationContext, handover: Handover, after: readonly ActionId[]) => readonly Action[]
  /**
   * After the other side serves: the way back runs, and what carried the old direction is gone. Of a handover that was
   * taken back: replication runs on the way it did, and what was made for the way back is gone.
   */
  readonly settleReturn: (
    context: MigrationContext,
    handover: Handover,
    after: readonly ActionId[],
  ) => readonly Action[]
  /** A handover was begun and is taken back: changes flow the old way again. */
  readonly goOn: (context: MigrationContext, handover: Handover, after: readonly ActionId[]) => readonly Action[]
  /** Both directions taken away, so that they can be made anew. */
  readonly takeDown: (context: MigrationContext, after: readonly ActionId[]) => readonly Action[]
  /** Everything of this engine on both sides, taken away. */
  readonly remove: (context: MigrationContext, after: readonly ActionId[]) => readonly Action[]
}
