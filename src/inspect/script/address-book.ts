import { textKey } from '../../catalog/object-key.js'
import type { ObjectKind } from '../../catalog/object-key.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import type { ObjectFacts, Part } from './part.js'
import { relationAddress } from './reference.js'

/** Finds the objects of a dump by the names that other statements give them. */
export interface AddressBook {
  find(address: string): ObjectFacts | undefined
  /** The table of an index, or of the constraint that made it. */
  tableOf(index: ObjectFacts): QualifiedName | undefined
  isPartitioned(table: QualifiedName | undefined): boolean
}

export function addressBook(objects: readonly ObjectFacts[]): AddressBook {
  const book = new Map<string, ObjectFacts>()
  for (const object of objects) {
    book.set(object.key, object)
    for (const alias of object.aliases ?? []) {
      // The type itself comes after its shell, and comments are about the type.
      if (book.get(alias) === undefined || book.get(alias)?.kind === 'shell type') book.set(alias, object)
    }
  }
  const relation = (name: QualifiedName): ObjectFacts | undefined => book.get(relationAddress(name))
  return {
    find: (address) => book.get(address),
    tableOf: (index) =>
      index.schema === undefined ? undefined : relation({ schema: index.schema, name: index.name })?.table,
    isPartitioned: (table) => table !== undefined && relation(table)?.partitioned === true,
  }
}

const RELATIONS: ReadonlySet<ObjectKind> = new Set(['table', 'foreign table', 'view', 'materialized view', 'sequence'])

/** The object that collects what is said about another one: its comment, its grants, its label. */
export function aboutFacts(part: Extract<Part, { role: 'about' }>, book: AddressBook): ObjectFacts {
  const { of, kind, by } = part
  const found = book.find(of.address) ?? (of.within === undefined ? undefined : book.find(of.within)) ?? of.fallback
  const subject = of.subject ?? found.key
  const table = tableOf(found)
  return {
    key: textKey(kind, by === undefined ? subject : `${by} ${subject}`),
    kind,
    name: subject,
    about: found.key,
    ...(found.schema === undefined ? {} : { schema: found.schema }),
    ...(table === undefined ? {} : { table }),
  }
}

function tableOf(found: Pick<ObjectFacts, 'kind' | 'schema' | 'name' | 'table'>): QualifiedName | undefined {
  if (found.table !== undefined || found.schema === undefined) return found.table
  return RELATIONS.has(found.kind) ? { schema: found.schema, name: found.name } : undefined
}
