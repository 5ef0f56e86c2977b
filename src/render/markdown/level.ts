/** How much of a plan a comment holds. Each level leaves out more than the one before, and says so. */
export interface Level {
  /** `all`: every action's SQL; `deciding`: that of access, roles and replication; `none`. */
  readonly sql: 'all' | 'deciding' | 'none'
  /** Routine actions, or all of them, counted by kind instead of listed. */
  readonly count: 'nothing' | 'routine' | 'everything'
  /** At most so many findings, deferred things and the like, each. */
  readonly items: number
  /** At most so many characters of each such item. */
  readonly itemLength: number
  readonly left: string | undefined
}

const ALL = Number.MAX_SAFE_INTEGER

export const LEVELS: readonly Level[] = [
  { sql: 'all', count: 'nothing', items: ALL, itemLength: ALL, left: undefined },
  {
    sql: 'deciding',
    count: 'nothing',
    items: ALL,
    itemLength: ALL,
    left: 'the SQL of schema objects, indexes and other routine actions',
  },
  { sql: 'none', count: 'nothing', items: ALL, itemLength: ALL, left: 'all SQL' },
  {
    sql: 'none',
    count: 'routine',
    items: 60,
    itemLength: 500,
    left: 'all SQL; routine actions are counted by kind; long lists are cut where they say so',
  },
  {
    sql: 'none',
    count: 'everything',
    items: 20,
    itemLength: 300,
    left: 'all SQL and the single actions, which are counted by kind; long lists are cut where they say so',
  },
]
