import type { JsonFault, JsonMember, JsonNode, JsonPlace } from './json-node.js'

/** Deeper nesting is refused: a configuration has four levels, and recursion must end somewhere. */
const MAX_DEPTH = 100

/**
 * Reads JSON (RFC 8259) with the place of each value. JSON.parse gives no places, and its messages quote the text
 * around a fault, which may be a password. Of two members with one key, both are given.
 */
export function readJson(text: string): { readonly root: JsonNode } | { readonly fault: JsonFault } {
  const reader = new Reader(text)
  try {
    return { root: reader.document() }
  } catch (error) {
    if (error instanceof Fault) return { fault: { at: reader.placeOf(error.offset), expected: error.expected } }
    throw error
  }
}

class Fault extends Error {
  readonly offset: number
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(expected)
    this.offset = offset
    this.expected = expected
  }
}

const WORDS = { true: 'boolean', false: 'boolean', null: 'null' } as const
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/
const SPACE = /[ \t\r\n]*/

class Reader {
  readonly #text: string
  readonly #lineStarts: readonly number[]
  #offset: number

  constructor(text: string) {
    this.#text = text
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)]
    // Windows editors begin a file with a byte order mark.
    this.#offset = text.startsWith('\ufeff') ? 1 : 0
  }

  document(): JsonNode {
    const root = this.#value(0)
    this.#skip()
    if (this.#offset < this.#text.length) throw this.#fault('the end of the file')
    return root
  }

  placeOf(offset: number): JsonPlace {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 }
  }

  #value(depth: number): JsonNode {
    this.#skip()
    if (depth > MAX_DEPTH) throw this.#fault('less nesting')
    const at = this.placeOf(this.#offset)
    switch (this.#text[this.#offset]) {
      case '{':
        return { is: 'object', at, members: this.#list('}', () => this.#member(depth)) }
      case '[':
        return { is: 'array', at, items: this.#list(']', () => this.#value(depth + 1)) }
      case '"':
        return { is: 'string', at, text: this.#string() }
      default:
        return this.#scalar(at)
    }
  }

  #scalar(at: JsonPlace): JsonNode {
    for (const [word, is] of Object.entries(WORDS)) {
      if (!this.#text.startsWith(word, this.#offset)) continue
      this.#offset += word.length
      return { is, at }
    }
    const digits = this.#take(NUMBER)
    if (digits === undefined) throw this.#fault('a value')
    return { is: 'number', at, value: Number(digits) }
  }

  #member(depth: number): JsonMember {
    this.#skip()
    const keyAt = this.placeOf(this.#offset)
    const key = this.#string()
    this.#skip()
    if (this.#text[this.#offset] !== ':') throw this.#fault('a colon')
    this.#offset += 1
    return { key, keyAt, value: this.#value(depth + 1) }
  }

  #list<T>(close: string, item: () => T): readonly T[] {
    this.#offset += 1
    this.#skip()
    const items: T[] = []
    if (this.#text[this.#offset] !== close) {
      for (;;) {
        items.push(item())
        this.#skip()
        if (this.#text[this.#offset] !== ',') break
        this.#offset += 1
      }
    }
    if (this.#text[this.#offset] !== close) throw this.#fault(`a comma or ${close}`)
    this.#offset += 1
    return items
  }

  #string(): string {
    const quoted = this.#take(STRING)
    if (quoted === undefined) throw this.#fault('a string in double quotes, on one line')
    return JSON.parse(quoted) as string
  }

  #skip(): void {
    this.#take(SPACE)
  }

  #take(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern, 'y')
    sticky.lastIndex = this.#offset
    const [found] = sticky.exec(this.#text) ?? []
    this.#offset += found?.length ?? 0
    return found
  }

  #fault(expected: string): Fault {
    return new Fault(this.#offset, expected)
  }
}
