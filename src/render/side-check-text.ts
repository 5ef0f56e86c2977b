import type { Side } from '../core/side.js'
import { bytes, count } from './text/quantity.js'
import { visible } from './text/visible.js'

/** What a first look at a server has found. */
export interface SideFindings {
  readonly side: Side
  readonly endpoint: string
  readonly version: string
  readonly bytes: number
  readonly walLevel: string
  readonly superuser: boolean
  readonly tables: number
}

export function sideCheckText(found: SideFindings): string {
  const { side, endpoint, version, walLevel, superuser, tables } = found
  const who = superuser ? 'superuser' : 'not a superuser'
  const size = `${count(tables, 'table')}, ${bytes(found.bytes)}`
  const wal =
    walLevel === 'logical' ? '' : `\n  wal_level is ${walLevel}; replication needs logical, which takes a restart`
  return `${visible(`${side}: ${endpoint}, Postgres ${version}, ${size}, ${who}`)}${wal}\n`
}

/** A first look that makes one think: the tables of the source and of the target, as far as they were counted. */
export function swappedText([source, target]: readonly number[]): string {
  if (source !== 0 || target === undefined || target === 0) return ''
  return `Warning: the source holds no table and the target ${count(target, 'table')}: are they swapped? The source is what applications use now; the target is closed to them.\n`
}
