import { contentsOf } from './proof.js'
import type { Look } from './proof.js'

export type Role = 'publisher' | 'subscriber'

/** Everything seen of one suspect on both sides so far. */
export class Watched {
  readonly latest: { publisher: Look | undefined; subscriber: Look | undefined } = {
    publisher: undefined,
    subscriber: undefined,
  }
  proven: { readonly at: number; readonly round: number } | undefined
  readonly #seen: Readonly<Record<Role, Set<string>>> = { publisher: new Set(), subscriber: new Set() }
  /** By column: its hash as long as it was the same in every look, null once it was not. */
  readonly #steady: { publisher: (string | null)[] | undefined; subscriber: (string | null)[] | undefined } = {
    publisher: undefined,
    subscriber: undefined,
  }
  readonly #counts: Readonly<Record<Role, { least: number; most: number }>> = {
    publisher: { least: Infinity, most: 0 },
    subscriber: { least: Infinity, most: 0 },
  }

  see(role: Role, look: Look): void {
    this.latest[role] = look
    this.#seen[role].add(contentsOf(look))
    const count = this.#counts[role]
    count.least = Math.min(count.least, look.length)
    count.most = Math.max(count.most, look.length)
    const columns = look.length === 1 ? (look[0]?.columns ?? []) : []
    const before = this.#steady[role]
    this.#steady[role] =
      before === undefined ? [...columns] : before.map((hash, nth) => (hash === columns[nth] ? hash : null))
  }

  /** One side once held what the other once held, whenever that was. */
  get met(): boolean {
    return [...this.#seen.publisher].some((content) => this.#seen.subscriber.has(content))
  }

  /** In every look one side had the row and the other had not, or a column that never changed was another than there. */
  get neverAlike(): boolean {
    const { publisher, subscriber } = this.#counts
    if ((publisher.least > 0 && subscriber.most === 0) || (subscriber.least > 0 && publisher.most === 0)) return true
    const there = this.#steady.subscriber ?? []
    return (this.#steady.publisher ?? []).some((hash, nth) => {
      const other = there[nth] ?? null
      return hash !== null && other !== null && hash !== other
    })
  }
}
