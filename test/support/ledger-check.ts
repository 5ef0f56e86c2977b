import { sql, type Login } from './databases.js'
import type { Commit, Effect, ServingSide } from './ledger-client.js'

/** One run of `belt apply` that hands the application over. */
export interface HandoverWindow {
  readonly from: ServingSide
  readonly to: ServingSide
  readonly begunAt: number
  readonly endedAt: number
}

export interface LedgerReport {
  /** Commits that were acknowledged and are not there. */
  readonly lost: readonly string[]
  /** Transactions that are there more than once, or that no client was told of. */
  readonly strange: readonly string[]
  /** Rows that are not as the ledger says. */
  readonly different: readonly string[]
  /** Values that a sequence has handed out twice. */
  readonly reused: readonly string[]
}

/** Holds what a database says against what its clients were told. */
export async function checkLedger(database: Login, commits: readonly Commit[]): Promise<LedgerReport> {
  const ops = await sql<{ tag: string; n: number }>(database, 'select tag, count(*)::int as n from ops group by tag')
  const there = new Map(ops.map((o) => [o.tag, o.n]))
  const known = new Set(commits.map((c) => c.tag))
  const reused = await sql<{ what: string }>(
    database,
    `select 'ticket ' || ticket as what from ops group by ticket having count(*) > 1
     union all select 'down ' || down from ops group by down having count(*) > 1`,
  )
  return {
    lost: commits.filter((c) => !there.has(c.tag)).map((c) => `${c.tag} on the ${c.side}`),
    strange: ops.filter((o) => o.n !== 1 || !known.has(o.tag)).map((o) => `${o.tag} ${String(o.n)} times`),
    different: await differences(database, commits),
    reused: reused.map((r) => r.what),
  }
}

async function differences(database: Login, commits: readonly Commit[]): Promise<readonly string[]> {
  const wanted = new Map<string, Effect>()
  // Only one client touches a row, and its transactions follow each other.
  for (const { effects } of [...commits].sort((a, b) => a.begunAt - b.begunAt)) {
    for (const effect of effects) wanted.set(`${effect.table} ${effect.tag}`, effect)
  }
  const lines = [...wanted]
    .filter(([, effect]) => effect.value !== undefined)
    .map(([key, effect]) => `${key} ${String(effect.value)}`)
  const rows = await sql<{ line: string }>(
    database,
    `select 'keyed ' || tag || ' ' || value as line from keyed
     union all select 'keyless ' || tag || ' ' || value from keyless
     union all select 'documents ' || tag || ' ' || (body ->> 'value') from documents`,
  )
  const found = rows.map((r) => r.line)
  const [a, b] = [new Set(lines), new Set(found)]
  return [
    ...lines.filter((line) => !b.has(line)).map((line) => `missing: ${line}`),
    ...found.filter((line, index) => !a.has(line) || found.indexOf(line) !== index).map((line) => `extra: ${line}`),
  ]
}

/** A write that a side took, as far as one can tell from outside. */
export type Taken = Pick<Commit, 'tag' | 'side' | 'begunAt' | 'knownAt' | 'acknowledged'>

/**
 * Writes that one side took although the other had already taken some since the handover began, or that were taken
 * where nobody served.
 */
export function doubleServing(taken: readonly Taken[], windows: readonly HandoverWindow[]): readonly string[] {
  const first = windows[0]
  const early = taken.filter((c) => first !== undefined && c.side === first.to && c.knownAt <= first.begunAt)
  return [
    ...early.map((c) => `${c.tag} on the ${c.side} before any handover`),
    ...windows.flatMap(({ from, to, begunAt }, index) => {
      const next = windows[index + 1]?.begunAt ?? Infinity
      const mine = taken.filter((c) => c.acknowledged && c.begunAt >= begunAt && c.knownAt <= next)
      const firstThere = Math.min(...mine.filter((c) => c.side === to).map((c) => c.knownAt))
      return mine
        .filter((c) => c.side === from && c.begunAt > firstThere)
        .map((c) => `${c.tag} on the ${c.side}, ${String(c.begunAt - firstThere)} ms after the ${to} took writes`)
    }),
  ]
}

/** From the last commit on the one side to the first on the other, as clients saw it; milliseconds. */
export function pauses(commits: readonly Commit[], windows: readonly HandoverWindow[]): readonly number[] {
  return windows.map(({ from, to, begunAt }, index) => {
    const next = windows[index + 1]?.begunAt ?? Infinity
    const mine = commits.filter((c) => c.acknowledged && c.knownAt <= next)
    const last = Math.max(...mine.filter((c) => c.side === from).map((c) => c.knownAt))
    return Math.min(...mine.filter((c) => c.side === to && c.begunAt >= begunAt).map((c) => c.knownAt)) - last
  })
}
