import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import { provesDifference, sameContents } from '../../../src/verify/rows/proof.js'
import type { Look } from '../../../src/verify/rows/proof.js'

type Content = 'a' | 'b' | undefined

/** One key on two servers: the subscriber applies the publisher's log in order, some time later. */
class Model {
  readonly #log: Content[] = []
  #applied = 0
  #next = 0
  publisher: Look = []
  subscriber: Look = []

  row(content: Content): Look {
    this.#next += 1
    return content === undefined
      ? []
      : [{ version: String(this.#next), one: content, other: '', columns: [], texts: null }]
  }

  write(content: Content): void {
    this.#log.push(content)
    this.publisher = this.row(content)
  }

  apply(): void {
    if (this.#applied < this.#log.length) this.subscriber = this.row(this.#log[this.#applied++])
  }

  catchUp(): void {
    while (this.#applied < this.#log.length) this.apply()
  }
}

const CONTENT = fc.constantFrom<Content>('a', 'b', undefined)
const STEPS = fc.array(
  fc.oneof(
    CONTENT.map((content) => ({ write: content })),
    fc.constant('apply' as const),
  ),
  { maxLength: 5 },
)

/** Looks as settle takes them, with random writes and applies between any two; all proofs given. */
function proofs(
  model: Model,
  rounds: readonly (readonly (readonly (typeof STEPS extends fc.Arbitrary<infer S> ? S : never)[number][])[])[],
): number {
  let given = 0
  const run = (steps: readonly ('apply' | { readonly write: Content })[] = []): void => {
    for (const step of steps) {
      if (step === 'apply') model.apply()
      else model.write(step.write)
    }
  }
  let subscriber = model.subscriber
  let publisher: Look | undefined
  for (const [before, between, after] of rounds) {
    run(before)
    const published = model.publisher
    if (publisher !== undefined && provesDifference(publisher, subscriber, published)) given += 1
    publisher = published
    run(between)
    // Waiting for the mark, while writes go on: everything the look saw is applied, and perhaps more.
    model.catchUp()
    run(after)
    const applied = model.subscriber
    if (provesDifference(subscriber, publisher, applied)) given += 1
    subscriber = applied
  }
  return given
}

const ROUNDS = fc.array(fc.tuple(STEPS, STEPS, STEPS), { minLength: 1, maxLength: 8 })

test('looks never prove a difference that is none, whatever is written and however late it is applied', () => {
  fc.assert(
    fc.property(CONTENT, ROUNDS, (first, rounds) => {
      const model = new Model()
      model.write(first)
      model.catchUp()
      expect(proofs(model, rounds)).toBe(0)
    }),
    { numRuns: 20_000, seed: 7 },
  )
})

test('a difference that nobody touches is proven by three looks', () => {
  fc.assert(
    fc.property(CONTENT, CONTENT, (here, there) => {
      const model = new Model()
      model.write(here)
      model.catchUp()
      model.subscriber = model.row(there)
      const differ = here !== there
      expect(
        proofs(model, [
          [[], [], []],
          [[], [], []],
        ]) > 0,
      ).toBe(differ)
      expect(sameContents(model.publisher, model.subscriber)).toBe(!differ)
    }),
  )
})
