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
