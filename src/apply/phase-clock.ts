/** Guesses how long the present phase of a long statement will still take, from its own speed so far. */
export class PhaseClock {
  readonly #now: () => number
  #phase: string | undefined
  #began = 0
  #first = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Seconds; undefined while there is nothing to guess from. */
  eta(phase: string, done: number, total: number): number | undefined {
    const now = this.#now()
    if (phase !== this.#phase || done < this.#first) {
      this.#phase = phase
      this.#began = now
      this.#first = done
      return undefined
    }
    const speed = (done - this.#first) / (now - this.#began)
    return speed > 0 && total >= done ? Math.round((total - done) / speed / 1000) : undefined
  }
}
