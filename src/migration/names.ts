import { sha256Hex } from '../core/fingerprint.js'
import type { Side } from '../core/side.js'

/** Names of everything belt makes for one migration; all fit Postgres' 63 bytes whatever the migration is called. */
export interface Names {
  readonly lineage: string
  /** Publication, subscription and slot of the forward direction (source to target). */
  readonly forward: DirectionNames
  /** The same for the reverse direction (target to source). */
  readonly reverse: DirectionNames
  readonly markerTable: string
  /** Nodes, for an engine that names the databases themselves; at most 15 bytes. */
  readonly nodes: Readonly<Record<Side, string>>
  /** They are another tool's, whose running replication was taken over. */
  readonly adopted?: true
}

export interface DirectionNames {
  readonly publication: string
  readonly subscription: string
  readonly slot: string
}

/** What tells one database from every other: cluster and name. */
export interface DatabaseIdentity {
  readonly systemIdentifier: string
  readonly database: string
}

/**
 * The lineage is derived, not random: the same migration of the same two databases always has the same one,
 * so a lost state file loses no slot and two plans of the same thing are the same bytes.
 */
export function lineageOf(name: string, source: DatabaseIdentity, target: DatabaseIdentity): string {
  const parts = [name, source.systemIdentifier, source.database, target.systemIdentifier, target.database]
  return sha256Hex(parts.join('\u0000')).slice(0, 16)
}

/** Slot names are cluster-wide and hold only a-z, 0-9 and _ (rule 9). */
export function namesOf(name: string, lineage: string): Names {
  const short = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)
  const mark = lineage.slice(0, 8)
  const direction = (letter: 'f' | 'r'): DirectionNames => {
    const text = `belt_${short}_${mark}_${letter}`
    return { publication: text, subscription: text, slot: text }
  }
  return {
    lineage,
    forward: direction('f'),
    reverse: direction('r'),
    markerTable: `marker_${mark}`,
    nodes: { source: `belt_${mark}_s`, target: `belt_${mark}_t` },
  }
}
