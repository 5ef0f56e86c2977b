import type { Side } from '../../core/side.js'
import { sleep } from '../../postgres/sleep.js'
import type { Following } from './following.js'
import { provesDifference, provesEquality } from './proof.js'
import type { Look } from './proof.js'
import { lookAt } from './suspect.js'
import type { Finder, Suspect } from './suspect.js'
import { Watched } from './watched.js'
import type { Role } from './watched.js'

export interface ProvenDifference {
  readonly suspect: Suspect
  readonly looks: Readonly<Record<Side, Look>>
}

export interface Settled {
  readonly different: readonly ProvenDifference[]
  /** Still neither equal nor different when the patience ended: they kept changing. */
  readonly undecided: readonly Suspect[]
}

/**
 * While changes stream a difference must be proven again, so long and so many rounds later: a commit is decoded, and may
 * be applied, before snapshots of its own server see it, as late as its synchronous standbys answer. Each round's mark
 * waits for those too, so after one more round the commit is seen.
 */
const AGAIN_AFTER = { ms: 1_500, rounds: 2 } as const
/** A row that changes in every look is different when it never was alike in so many rounds over so long. */
const NEVER_ALIKE = { ms: 10_000, rounds: 20 } as const
const BETWEEN_MS = 100
/** From the second round on, so few suspects are looked at so many times more: of rows that change all the time, versions meet. */
const BURST = { suspects: 200, looks: 10 } as const

/**
 * Decides each suspect by looking at the two sides in turn.
 *
 * A row with a key is equal once both sides have held the same content, at whatever times: what differed at an earlier
 * position was put right since, for a change replaces the whole row. Equal rows of a keyless table are only counted, so
 * there the looks must prove it as they prove a difference.
 */
export async function settle(
  finder: Finder,
  following: Following,
  suspects: readonly Suspect[],
  patienceMs: number,
  signal: AbortSignal,
): Promise<Settled> {
  const open = new Map(suspects.map((s) => [s, new Watched()]))
  const different: ProvenDifference[] = []
  const started = performance.now()
  const keyed = finder.comparison.key !== undefined
  const elapsed = (since: number): number => performance.now() - since

  const look = async (role: Role): Promise<ReadonlyMap<Suspect, Look>> =>
    lookAt(finder, following[role], [...open.keys()])
  const decide = (suspect: Suspect, watched: Watched, outcome: 'equal' | 'different'): void => {
    open.delete(suspect)
    if (outcome === 'equal') return
    const { publisher = [], subscriber = [] } = watched.latest
    const bySide = { [following.publisher]: publisher, [following.subscriber]: subscriber }
    different.push({ suspect, looks: { source: [], target: [], ...bySide } })
  }
  /** The newest look at `role`, after one at the other side and one at `role` before that. */
  const judge = (role: Role, looks: ReadonlyMap<Suspect, Look>, round: number): void => {
    const other: Role = role === 'publisher' ? 'subscriber' : 'publisher'
    for (const [suspect, watched] of [...open]) {
      const before = watched.latest[role]
      const between = watched.latest[other]
      const now = looks.get(suspect) ?? []
      watched.see(role, now)
      if (between === undefined) continue
      if (keyed ? watched.met : before !== undefined && provesEquality(before, between, now)) {
        decide(suspect, watched, 'equal')
      } else if (before !== undefined && provesDifference(before, between, now)) {
        watched.proven ??= { at: performance.now(), round }
        const { at, round: first } = watched.proven
        const again = elapsed(at) >= AGAIN_AFTER.ms && round - first >= AGAIN_AFTER.rounds
        if (!following.streams || again) decide(suspect, watched, 'different')
      } else if (round >= NEVER_ALIKE.rounds && elapsed(started) >= NEVER_ALIKE.ms && watched.neverAlike) {
        decide(suspect, watched, 'different')
      }
    }
  }
  const burst = async (): Promise<void> => {
    for (let nth = 0; nth < BURST.looks && open.size > 0; nth += 1) {
      const [published, applied] = await Promise.all([look('publisher'), look('subscriber')])
      for (const [suspect, watched] of [...open]) {
        // Copies: these looks are part of no proof, whose looks alternate and wait.
        const { publisher, subscriber } = watched.latest
        watched.see('publisher', published.get(suspect) ?? [])
        watched.see('subscriber', applied.get(suspect) ?? [])
        Object.assign(watched.latest, { publisher, subscriber })
        if (watched.met) decide(suspect, watched, 'equal')
      }
    }
  }

  judge('subscriber', await look('subscriber'), 0)
  for (let round = 0; open.size > 0; round += 1) {
    judge('publisher', await look('publisher'), round)
    if (open.size === 0) break
    const position = await following.mark()
    await following.reached(position)
    judge('subscriber', await look('subscriber'), round)
    if (elapsed(started) > patienceMs) break
    if (open.size === 0) break
    if (keyed && round > 0 && open.size <= BURST.suspects) await burst()
    await sleep(BETWEEN_MS * (1 + Math.random()), signal)
  }
  return { different, undecided: [...open.keys()] }
}
