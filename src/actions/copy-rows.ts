import type { Side } from '../core/side.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * Copies a table that no replication carries, inside the pause: what stands on the receiving side is replaced in the
 * same transaction, triggers silenced. `sql` comes before the rows, `afterSql` behind them.
 */
export interface CopyRows extends ActionBase<'copy-rows'> {
  readonly from: Side
  readonly table: QualifiedName
  /** `copy … to stdout` on the side that has the rows. */
  readonly copyOut: string
  /** `copy … from stdin` on the receiving side, after `sql`. */
  readonly copyIn: string
  /** Puts NOT VALID constraints back that `sql` took off: old rows may break them, and COPY would be refused. */
  readonly afterSql: readonly string[]
  /** None under a fence that does not hold everybody: then the rows are copied again by every run. */
  readonly marks: readonly string[]
}

export const probeCopyRows: Probe<CopyRows> = (action, context) =>
  action.marks.length > 0 && action.marks.every((mark) => context.marks.has(mark)) ? 'done' : 'absent'
