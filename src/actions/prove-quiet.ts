import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * Ends the sessions a fence does not end and proves that no writer is left (rule 16): samples without a foreign
 * session, no prepared transaction of the database, and a SHARE lock on every table, which is kept up to the point of no
 * return. `sql` is the statement that ends sessions; `$1` in it is the moment at which this began.
 */
export interface ProveQuiet extends ActionBase<'prove-quiet'> {
  readonly tables: readonly QualifiedName[]
  /** Of these the lock is let go again: belt itself alters them inside the pause. */
  readonly altered: readonly QualifiedName[]
  /** Roles whose sessions may stay: that of replication and those the spec exempts. */
  readonly exempt: readonly string[]
  /** Of the way back. Under pglogical it runs already, and has nothing to write before the other side serves. */
  readonly ownSubscription: string
  /** `read-only`: sessions that begin after the fence cannot write unless they ask for it, and may stay as long as they do not. */
  readonly newcomers: 'refused' | 'read-only'
  /** The fence keeps out whoever is not exempt; then nobody else may be able to connect any more. */
  readonly fenced?: true
  /** Asked again right before the point of no return: the locks must stand still, and nobody be there. */
  readonly again?: true
}

/** Asked again by every run: what was quiet for a killed run proves nothing now. */
export const probeProveQuiet: Probe<ProveQuiet> = () => 'absent'
