import type { ObjectKey, ObjectKind } from './object-key.js'

export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

/** A value that must not stand in a plan: the SQL holds `placeholder` instead, read again when the SQL runs. */
export interface RedactedOption {
  /** e.g. `${secret:user-mapping/app@files/password}`; stands where the whole string constant would. */
  readonly placeholder: string
  readonly server: string
  /** Role of the user mapping; absent for an option of the server itself. */
  readonly user?: string
  readonly option: string
}

export type ConstraintType = 'primary key' | 'unique' | 'exclude' | 'check' | 'foreign key' | 'not null'

/** A unique constraint in two steps: its index, plain or CONCURRENTLY, and the constraint that takes the index over. */
export interface UniqueIndex {
  readonly plain: string
  readonly concurrently: string
  readonly attach: string
}

/** One object as pg_dump writes it: every statement that creates it and that no other object owns. */
export interface SchemaObject {
  readonly key: ObjectKey
  readonly kind: ObjectKind
  readonly schema?: string
  readonly name: string
  /**
   * The table, view or sequence it is a part of: constraints, indexes, triggers, policies, rules, defaults, statistics,
   * attachments, replica identity …, and comments and grants on any of these or on the relation itself.
   */
  readonly table?: QualifiedName
  /**
   * For a comment, a grant, a security label: the object it is about. What stands inside a table (a column, an inline
   * constraint) is about the table, while its own key names the part: `comment column public.t.id`. For a constraint of
   * a domain: the domain. The key of something no object makes when it belongs to an extension.
   */
  readonly about?: ObjectKey
  /** Role names these statements mention: owners, grantees, policy roles, user mappings. */
  readonly roles: readonly string[]
  /** Source slices of pg_dump's text, without the closing semicolon, in order. */
  readonly statements: readonly string[]
  readonly redacted: readonly RedactedOption[]
  /** Place in the dump: an order in which everything can be created. */
  readonly order: number
  /** Fingerprint of the statements, secrets left out. Comparable only with the same object of the same server. */
  readonly fingerprint: string
  readonly constraint?: {
    readonly type: ConstraintType
    readonly notValid: boolean
    readonly references?: QualifiedName
  }
  readonly index?: { readonly unique: boolean; readonly onlyParent: boolean }
  /** For `index attach` and `table attach`: what it is attached to. */
  readonly parent?: QualifiedName
  /** For `replica identity`. */
  readonly replicaIdentity?: 'full' | 'nothing' | 'index'
  /** For `trigger enablement`. */
  readonly enablement?: 'enabled' | 'disabled' | 'always' | 'replica'
  /** For a table: it has partitions of its own. */
  readonly partitioned?: boolean
  /** For an index: its statement as CREATE INDEX CONCURRENTLY. Absent where Postgres refuses that (partitioned tables). */
  readonly concurrently?: string
  /** For a unique constraint; absent on partitioned tables and where an index cannot become the constraint. */
  readonly uniqueIndex?: UniqueIndex
  /**
   * For a valid foreign key or check added by ALTER: the statement with NOT VALID, to be followed by `validate`.
   * Absent for foreign keys of partitioned tables, where servers before 18 refuse NOT VALID.
   */
  readonly notValidVariant?: string
  /** For foreign keys, checks and not-null constraints added by ALTER: ALTER TABLE … VALIDATE CONSTRAINT. */
  readonly validate?: string
  /** For `unknown`: why belt does not understand the statement. It can be replayed, but nothing is known of it. */
  readonly problem?: string
}

/** Everything pg_dump says of a database's structure, as objects in an order in which they can be created. */
export interface SchemaScript {
  readonly objects: readonly SchemaObject[]
  readonly tool: { readonly kind: 'native' | 'bundled'; readonly version: string }
}
