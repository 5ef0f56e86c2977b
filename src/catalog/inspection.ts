import type { Side } from '../core/side.js'
import type { Catalog } from './catalog.js'
import type { LoginProbe } from './login-probe.js'
import type { PartProbe } from './part-probe.js'
import type { StreamEvidence } from './stream-evidence.js'

/** Both databases as found at one moment, with what only a live look can tell. */
export interface Inspection {
  readonly source: Catalog
  readonly target: Catalog
  /** The two databases live in one cluster, seen live (clones share a system identifier, so that alone proves nothing). */
  readonly sameCluster: boolean
  /** The source is switched off for good: nothing of it was looked at, and what stands for it here is made up. */
  readonly gone?: { readonly lineage: string }
  readonly replicationLogin: Readonly<Record<Side, LoginProbe>>
  /** What the source says of tables that the spec moves a part of; absent: there are none. */
  readonly parts?: readonly PartProbe[]
  /** Of each subscription of one side to the other that belt's own role carries; absent: not looked for. */
  readonly streams?: readonly StreamEvidence[]
}
