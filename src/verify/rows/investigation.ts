import type { Comparison } from './comparison.js'
import { nameDifferences } from './name-differences.js'
import { settle } from './settle.js'
import type { SideSessions } from './side-sessions.js'
import { strayRows } from './stray-rows.js'
import type { Suspect } from './suspect.js'
import type { RunContext } from './table-run.js'
import type { Difference, TableResult } from './verify-result.js'
import { verdictOf } from './verify-result.js'

/** Gathers suspects of one table, settles them by the thousand, and stops when enough differences are known. */
export class Investigation {
  readonly #context: RunContext
  readonly #comparison: Comparison
  readonly #sessions: SideSessions
  #waiting: Suspect[] = []
  #differences: readonly Difference[] = []
  #undecided = 0
  #firstUndecided: Suspect | undefined
  #unexplored = 0

  constructor(context: RunContext, comparison: Comparison, sessions: SideSessions) {
    this.#context = context
    this.#comparison = comparison
    this.#sessions = sessions
  }

  get enough(): boolean {
    return this.#differences.length >= this.#context.maxDifferences
  }

  async suspect(more: readonly Suspect[]): Promise<void> {
    this.#waiting = [...this.#waiting, ...more]
    if (this.#waiting.length >= 1_000) await this.#settle()
  }

  /** A chunk that differs and is not looked into, because enough is known. */
  skip(chunks: number): void {
    this.#unexplored += chunks
  }

  async result(
    counted: Pick<TableResult, 'method' | 'rows' | 'chunks' | 'suspectChunks'>,
    columns: readonly string[],
  ): Promise<TableResult> {
    await this.#settle()
    const structure = [...columns, ...(await strayRows(this.#comparison, this.#sessions))]
    const differences = this.#differences.slice(0, this.#context.maxDifferences)
    const undecided = this.#undecided > 0
    const verdict = verdictOf([
      differences.length > 0 || structure.length > 0 ? 'different' : 'equal',
      undecided || this.#unexplored > 0 ? 'unknown' : 'equal',
    ])
    return {
      table: this.#comparison.name,
      verdict,
      ...counted,
      differences,
      unexplored: this.#unexplored,
      structure,
      ...(undecided ? { couldNotTell: this.#whyUndecided() } : {}),
    }
  }

  #whyUndecided(): string {
    const named =
      this.#firstUndecided?.kind === 'key' ? `, the first with key ${JSON.stringify(this.#firstUndecided.key)}` : ''
    const seconds = Math.round(this.#context.patienceMs / 1000)
    return `${this.#undecided} rows kept changing for ${seconds} s and never were equal${named}`
  }

  async #settle(): Promise<void> {
    const suspects = this.#waiting
    this.#waiting = []
    if (suspects.length === 0) return
    const { following, seeds, showValues, patienceMs, signal } = this.#context
    const finder = { comparison: this.#comparison, seeds, sessions: this.#sessions, showValues }
    const { different, undecided } = await settle(finder, following, suspects, patienceMs, signal)
    // A row may be suspected twice: because it was written meanwhile, and because its bucket differs.
    const known = new Set(this.#differences.flatMap(({ key }) => (key === undefined ? [] : [JSON.stringify(key)])))
    const named = nameDifferences(this.#comparison, different)
    const more = named.filter(({ key }) => key === undefined || !known.has(JSON.stringify(key)))
    this.#differences = [...this.#differences, ...more]
    this.#undecided += undecided.length
    this.#firstUndecided ??= undecided[0]
  }
}
