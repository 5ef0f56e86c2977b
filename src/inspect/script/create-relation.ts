import type {
  CreatePolicyStmt,
  CreateStatsStmt,
  CreateStmt,
  CreateTableAsStmt,
  CreateTrigStmt,
  CreateSeqStmt,
  IndexStmt,
  RuleStmt,
  ViewStmt,
} from 'libpg-query'
import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKind } from '../../catalog/object-key.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { withoutLooseNotNulls } from './inherited-not-null.js'
import { NotUnderstood, qualified, relationName, required } from './names.js'
import type { ObjectFacts, Part } from './part.js'
import { relationAddress, typeAddress } from './reference.js'
import { edited, isKeyword, tokensOf } from './statement.js'
import type { Statement } from './statement.js'

type RelationKind = 'table' | 'foreign table' | 'view' | 'materialized view' | 'sequence'

function relation(kind: RelationKind, of: Parameters<typeof relationName>[0]): ObjectFacts {
  const at = relationName(of)
  return { key: objectKey(kind, at.schema, at.name), kind, ...at, aliases: [relationAddress(at), typeAddress(at)] }
}

export function createTable(create: CreateStmt, statement: Statement): Part {
  const facts = relation('table', create.relation)
  const object = create.partspec === undefined ? facts : { ...facts, partitioned: true }
  return { role: 'creates', object, ...withoutLooseNotNulls(create, statement) }
}

export function createForeignTable(create: CreateStmt | undefined, statement: Statement): Part {
  const object = relation('foreign table', create?.relation)
  return { role: 'creates', object, ...(create === undefined ? {} : withoutLooseNotNulls(create, statement)) }
}

export function createSequence(create: CreateSeqStmt): Part {
  return { role: 'creates', object: relation('sequence', create.sequence) }
}

/** pg_dump writes CREATE OR REPLACE only for a view that it made as a dummy before, to break a cycle. */
export function createView(create: ViewStmt): Part {
  if (create.replace !== true) return { role: 'creates', object: relation('view', create.view) }
  const at = relationName(create.view)
  const key = objectKey('view definition', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'view definition', ...at, table: at } }
}

export function createMaterializedView(create: CreateTableAsStmt, statement: Statement): Part {
  if (create.objtype !== 'OBJECT_MATVIEW') throw new NotUnderstood('CREATE TABLE AS')
  const object = relation('materialized view', create.into?.rel)
  // Populated when its tables hold their rows, never while the schema is made.
  return {
    role: 'creates',
    object,
    ...(create.into?.skipData === true ? {} : { text: `${statement.text} WITH NO DATA` }),
  }
}

export function createIndex(create: IndexStmt, statement: Statement): Part {
  const table = relationName(create.relation)
  const name = required(create.idxname, 'the name of the index')
  const onlyParent = create.relation?.inh !== true
  return {
    role: 'creates',
    object: {
      key: objectKey('index', table.schema, name),
      kind: 'index',
      schema: table.schema,
      name,
      table,
      index: { unique: create.unique === true, onlyParent },
      aliases: [relationAddress({ schema: table.schema, name })],
      ...(onlyParent ? {} : { concurrently: concurrently(statement.text) }),
    },
  }
}

function concurrently(text: string): string {
  const word = required(
    tokensOf(text).find((token) => isKeyword(token, 'INDEX')),
    'the word INDEX',
  )
  return edited(text, [{ start: word.end, end: word.end, text: ' CONCURRENTLY' }])
}

export function createStatistics(create: CreateStatsStmt): Part {
  const at = qualified(create.defnames)
  const [of] = create.relations ?? []
  if (of === undefined || !('RangeVar' in of)) throw new NotUnderstood('statistics without a table')
  const key = objectKey('statistics', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'statistics', ...at, table: relationName(of.RangeVar) } }
}

function partOfTable(kind: ObjectKind, of: Parameters<typeof relationName>[0], name: string | undefined): Part {
  const table = relationName(of)
  const called = required(name, 'the name')
  const key = objectKey(kind, table.schema, table.name, called)
  return { role: 'creates', object: { key, kind, schema: table.schema, name: called, table } }
}

export function createRule(create: RuleStmt): Part {
  return partOfTable('rule', create.relation, create.rulename)
}

export function createTrigger(create: CreateTrigStmt): Part {
  return partOfTable('trigger', create.relation, create.trigname)
}

export function createPolicy(create: CreatePolicyStmt): Part {
  return partOfTable('policy', create.table, create.policy_name)
}

export function validateStatement(owner: 'TABLE' | 'DOMAIN', schema: string, name: string, constraint: string): string {
  return `ALTER ${owner} ${quoteQualified(schema, name)} VALIDATE CONSTRAINT ${quoteIdent(constraint)}`
}
