import pg from 'pg'
import type { Login } from '../../../support/databases.js'
import type { RandomTable } from './generators.js'

export interface StoredRow {
  /** The key as it prints. */
  readonly key: string
  /** All columns as they print. */
  readonly all: string
}

/** Every row as the server prints it, read one by one into memory: what verification is measured by. */
export async function storedRows(
  client: pg.Client,
  table: string,
  { columns, keyColumns }: RandomTable,
): Promise<readonly StoredRow[]> {
  const list = columns.map((_, nth) => `c${String(nth)}`).join(', ')
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${list} from ${table}`,
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  })
  return rows.map((row) => ({ key: keyText(columns, row.slice(0, keyColumns)), all: JSON.stringify(row) }))
}

/** Keys that are equal to the server have one text: 1.0 is 1. */
export function keyText(columns: RandomTable['columns'], values: readonly (string | null | undefined)[]): string {
  const bare = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value)
  return JSON.stringify(values.map((v, nth) => (columns[nth]?.type === 'numeric' ? bare(v ?? '') : v)))
}

/** How the sides differ: by key, or by whole row for a keyless table, with how often each side has it. */
export function expectedDifferences(
  keyed: boolean,
  source: readonly StoredRow[],
  target: readonly StoredRow[],
): readonly string[] {
  const found = new Set<string>()
  if (!keyed) {
    const counts = new Map<string, { source: number; target: number }>()
    const tally = (rows: readonly StoredRow[], side: 'source' | 'target'): void => {
      for (const { all } of rows) {
        const count = counts.get(all) ?? { source: 0, target: 0 }
        count[side] += 1
        counts.set(all, count)
      }
    }
    tally(source, 'source')
    tally(target, 'target')
    return [...counts.values()]
      .filter((c) => c.source !== c.target)
      .map((c) => `${c.source > c.target ? 'missing' : 'extra'} ${String(c.source)}:${String(c.target)}`)
      .sort()
  }
  const ours = new Map(source.map((r) => [r.key, r.all]))
  const theirs = new Map(target.map((r) => [r.key, r.all]))
  for (const [key, all] of ours) {
    const other = theirs.get(key)
    if (other === undefined) found.add(`missing ${key}`)
    else if (other !== all) found.add(`changed ${key}`)
  }
  for (const key of theirs.keys()) if (!ours.has(key)) found.add(`extra ${key}`)
  return [...found].sort()
}

/** The same settings on any server, so that texts can be compared. */
export async function oracleClient(login: Login): Promise<pg.Client> {
  const { host, port, user, password, database } = login
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  await client.query(
    `set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1`,
  )
  return client
}
