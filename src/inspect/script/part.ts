import type { ObjectKey, ObjectKind } from '../../catalog/object-key.js'
import type { RedactedOption, SchemaObject } from '../../catalog/schema-script.js'

/** What a statement says of the object it makes; the statements themselves are added when all parts are known. */
export interface ObjectFacts extends Omit<SchemaObject, 'roles' | 'statements' | 'redacted' | 'order' | 'fingerprint'> {
  /** Further addresses by which comments and grants name it, e.g. `relation public.t`. */
  readonly aliases?: readonly string[]
}

/** How another statement names an object. */
export interface Reference {
  /** An object's key, or one of its aliases. */
  readonly address: string
  /** Where to look when no object has that address: the relation around a column or an inline constraint. */
  readonly within?: string
  /** What it would be called if no object of the dump has the address (members of extensions). */
  readonly fallback: {
    readonly kind: ObjectKind
    readonly key: ObjectKey
    readonly schema?: string
    readonly name: string
  }
  /** The text its comments' and grants' keys use, where that is not the key of the object found. */
  readonly subject?: string
}

/** The part one statement plays in its entry of the dump. */
export type Part = PartRole & {
  /** The statement's text where it is not the source as it stands. */
  readonly text?: string
  /** Statements to run right after it. */
  readonly also?: readonly string[]
  readonly redacted?: readonly RedactedOption[]
}

export type PartRole =
  /** Makes an object; the statements that only alter it follow. */
  | { readonly role: 'creates'; readonly object: ObjectFacts }
  /** Makes an object of its own inside the entry of another. */
  | { readonly role: 'beside'; readonly object: ObjectFacts }
  /** Belongs to the object that its entry created; `alone` is what it alters, should the entry create nothing. */
  | { readonly role: 'follows'; readonly alone?: Reference }
  | {
      readonly role: 'about'
      readonly kind: 'comment' | 'grant' | 'security label'
      readonly of: Reference
      readonly by?: string
    }
  /** Prepares the next statement of its entry (SET SESSION AUTHORIZATION), or ends what such a one began. */
  | { readonly role: 'before' }
  | { readonly role: 'after' }
  /** Sets the access method of the tables that come next. */
  | { readonly role: 'access method'; readonly name: string }
  /** Of no lasting effect: the settings of pg_dump's own session. */
  | { readonly role: 'session' }
