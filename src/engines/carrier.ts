import type { Action } from '../actions/action.js'
import type { Ensure } from '../actions/ensure.js'
import type { ActionId } from '../actions/base.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import type { Handover } from '../migration/direction.js'
import type { Draft } from '../migration/draft.js'
import type { Resync } from './resynced.js'

type Steps = (context: MigrationContext, handover: Handover, after: readonly ActionId[]) => readonly Action[]

/**
 * How changes travel in one direction. An engine is made of two, which may differ: what can carry changes forward
 * cannot always carry them back.
 */
export interface Carrier {
  /** What the direction that begins at `publisher` needs of both servers. */
  readonly preflight: (context: MigrationContext, publisher: Side) => readonly Diagnostic[]
  /** Why the stream from `publisher`, where there is one, cannot go on without losing rows: an error for each reason. */
  readonly broken: (context: MigrationContext, publisher: Side) => readonly Diagnostic[]
  /** Forward: sets it up after the schema stands, and waits until every table is copied. */
  readonly replicate: (context: MigrationContext, after: readonly ActionId[]) => Draft
  /** Forward: the action whose end means that every table is copied. */
  readonly copied: ActionId
  /** Forward: gates and proofs at the end of stage `replicating`. */
  readonly settle: (context: MigrationContext, after: readonly ActionId[]) => readonly Action[]
  /** As the way back: the other side is dialled as it will be, with nothing left behind. Empty where that cannot be tried. */
  readonly tryDial: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Action[]
  /** The same right before a handover. */
  readonly tryDialBefore: (context: MigrationContext, handover: Handover) => readonly Action[]
  /** As the direction that runs until the handover: waits until the other side has everything. */
  readonly drain: Steps
  /** As the direction that runs until the handover: changes stop flowing. */
  readonly stop: Steps
  /** As the direction that runs until the handover: changes flow again, for the handover is taken back. */
  readonly goOn: Steps
  /** As the direction that runs until the handover: its subscription and slot go. */
  readonly retire: Steps
  /** As the direction that runs afterwards: set up before the pause, copying nothing. */
  readonly prepare: Steps
  /** As the direction that runs afterwards: its position is set to begin exactly where the other stopped. */
  readonly begin: Steps
  /** As the direction that runs afterwards: it starts, if it does not run yet. */
  readonly start: Steps
  /** Forward: the target gives up some tables' rows, which are copied anew; nothing else is touched. */
  readonly resync: Resync
  /** A subscription whose worker fails tries again now, where it would wait long by itself. */
  readonly retry: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Ensure[]
  /** The subscription of the direction that begins at `publisher` gets the connection and passwords of the spec. */
  readonly redial: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Ensure[]
  /** Everything of the direction that begins at `publisher`, taken away on both sides. */
  readonly remove: (context: MigrationContext, publisher: Side, after: readonly ActionId[]) => readonly Action[]
  /** What both directions share, taken away on both sides after them. */
  readonly dismantle: (context: MigrationContext, after: readonly ActionId[]) => readonly Action[]
}
