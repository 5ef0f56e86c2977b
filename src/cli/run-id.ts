import { randomBytes } from 'node:crypto'

/** Names one run of belt: sortable by time, unique, and short enough for application_name. e.g. `20261105-101500-1a2b`. */
export function newRunId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T')
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`
}
