const SHOWN = '[secret]'

/** A value that must never be shown: printing, JSON and inspection give `[secret]`; only `reveal()` gives the text. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The text itself. Call it at the last moment, and pass it to nothing that logs. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  /** What `util.inspect` and `console.log` print; the symbol is global, so no node: import is needed. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN
  }
}
