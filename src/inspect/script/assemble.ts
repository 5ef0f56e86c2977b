import type { ObjectKey } from '../../catalog/object-key.js'
import type { RedactedOption, SchemaObject } from '../../catalog/schema-script.js'
import { fingerprint } from '../../core/fingerprint.js'
import { aboutFacts, addressBook, type AddressBook } from './address-book.js'
import type { ObjectFacts } from './part.js'
import type { Step, StepsOfEntry } from './step.js'
import { unknownFacts } from './unknown.js'

interface Draft {
  readonly facts: ObjectFacts
  readonly statements: string[]
  readonly redacted: RedactedOption[]
  readonly roles: Set<string>
}

type DraftOf = (facts: ObjectFacts) => Draft

/** Brings the statements of all entries together into one object for each key, in the order of the dump. */
export function assemble(read: readonly StepsOfEntry[]): readonly SchemaObject[] {
  const book = addressBook(
    read.flatMap(({ steps }) => steps.flatMap(({ part }) => ('object' in part ? [part.object] : []))),
  )
  const drafts = new Map<ObjectKey, Draft>()
  const draftOf: DraftOf = (facts) => {
    const draft = drafts.get(facts.key) ?? { facts, statements: [], redacted: [], roles: new Set() }
    drafts.set(facts.key, draft)
    return draft
  }
  for (const entry of read) distribute(entry, draftOf, book)
  return [...drafts.values()].map((draft, order) => finished(draft, order, book))
}

/** Gives each statement of one entry to its object. */
function distribute({ header, steps }: StepsOfEntry, draftOf: DraftOf, book: AddressBook): void {
  let main: Draft | undefined
  let last: Draft | undefined
  let waiting: Step[] = []
  const ownerOf = ({ part }: Step): Draft | undefined => {
    switch (part.role) {
      case 'creates':
        main = draftOf(part.object)
        return main
      case 'beside':
        return draftOf(part.object)
      case 'about':
        return draftOf(aboutFacts(part, book))
      case 'follows':
        main ??= draftOf(part.alone?.fallback ?? unknownFacts(header, 'it alters what its entry did not create'))
        return main
      case 'after':
        return last ?? draftOf(unknownFacts(header, 'it ends what was not begun'))
      case 'before':
        return undefined
    }
  }
  for (const step of steps) {
    const owner = ownerOf(step)
    waiting.push(step)
    if (owner === undefined) continue
    for (const each of waiting) add(owner, each)
    last = owner
    waiting = []
  }
  for (const step of waiting) add(draftOf(unknownFacts(header, 'nothing follows what it prepares')), step)
}

function add(draft: Draft, { part, text, roles }: Step): void {
  draft.statements.push(text, ...(part.also ?? []))
  draft.redacted.push(...(part.redacted ?? []))
  for (const role of roles) draft.roles.add(role)
}

function finished({ facts, statements, redacted, roles }: Draft, order: number, book: AddressBook): SchemaObject {
  const { aliases: _, notValidVariant, uniqueIndex, ...known } = facts
  const table = facts.table ?? (facts.kind === 'index attach' ? book.tableOf(facts) : undefined)
  const isRefused = facts.constraint?.type === 'foreign key' && book.isPartitioned(facts.table)
  return {
    ...known,
    ...(table === undefined ? {} : { table }),
    ...(uniqueIndex === undefined || book.isPartitioned(facts.table) ? {} : { uniqueIndex }),
    ...(notValidVariant === undefined || isRefused ? {} : { notValidVariant }),
    roles: [...roles].sort(),
    statements,
    redacted,
    order,
    fingerprint: fingerprint({ statements }),
  }
}
