import type { AlterDomainStmt, DefineStmt, Node } from 'libpg-query'
import { objectKey } from '../../catalog/object-key.js'
import type { ObjectKind } from '../../catalog/object-key.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { validateStatement } from './create-relation.js'
import { createAggregate, createOperator } from './create-routine.js'
import { NotUnderstood, qualified, required } from './names.js'
import type { Part } from './part.js'
import { relationAddress, typeAddress } from './reference.js'
import type { Statement } from './statement.js'

export function createType(at: QualifiedName): Part {
  const key = objectKey('type', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'type', ...at, aliases: [typeAddress(at), relationAddress(at)] } }
}

export function createDomain(names: readonly Node[] | undefined): Part {
  const at = qualified(names)
  const key = objectKey('domain', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'domain', ...at, aliases: [typeAddress(at)] } }
}

/** Something whose name is all its identity. */
export function createInSchema(kind: ObjectKind, names: readonly Node[] | undefined): Part {
  const at = qualified(names)
  return { role: 'creates', object: { key: objectKey(kind, at.schema, at.name), kind, ...at } }
}

export function createInDatabase(kind: ObjectKind, called: string | undefined): Part {
  const name = required(called, 'the name')
  const own = kind === 'schema' ? { schema: name } : {}
  return { role: 'creates', object: { key: objectKey(kind, name), kind, name, ...own } }
}

/** CREATE AGGREGATE, OPERATOR, TYPE, COLLATION and TEXT SEARCH … share one shape. */
export function define(stmt: DefineStmt, statement: Statement): Part {
  switch (stmt.kind) {
    case 'OBJECT_AGGREGATE':
      return createAggregate(stmt, statement)
    case 'OBJECT_OPERATOR':
      return createOperator(stmt, statement)
    case 'OBJECT_TYPE':
      return (stmt.definition ?? []).length === 0 ? createShell(stmt) : createType(qualified(stmt.defnames))
    case 'OBJECT_COLLATION':
      return createInSchema('collation', stmt.defnames)
    case 'OBJECT_TSPARSER':
      return createInSchema('text search parser', stmt.defnames)
    case 'OBJECT_TSDICTIONARY':
      return createInSchema('text search dictionary', stmt.defnames)
    case 'OBJECT_TSTEMPLATE':
      return createInSchema('text search template', stmt.defnames)
    case 'OBJECT_TSCONFIGURATION':
      return createInSchema('text search configuration', stmt.defnames)
    default:
      throw new NotUnderstood(`CREATE of ${stmt.kind ?? 'nothing'}`)
  }
}

/** The first half of a base type: its input functions need the name before it can be made. */
function createShell(stmt: DefineStmt): Part {
  const at = qualified(stmt.defnames)
  const key = objectKey('shell type', at.schema, at.name)
  return { role: 'creates', object: { key, kind: 'shell type', ...at, aliases: [typeAddress(at)] } }
}

/** ALTER DOMAIN … ADD CONSTRAINT: pg_dump writes it for constraints that are not valid. */
export function addDomainConstraint(stmt: AlterDomainStmt): Part {
  const at = qualified(stmt.typeName)
  if (stmt.def === undefined || !('Constraint' in stmt.def)) return { role: 'follows' }
  const { conname, contype, skip_validation } = stmt.def.Constraint
  const name = required(conname, 'the name of the constraint')
  return {
    role: 'creates',
    object: {
      key: objectKey('constraint', at.schema, at.name, name),
      kind: 'constraint',
      schema: at.schema,
      name,
      about: objectKey('domain', at.schema, at.name),
      constraint: { type: contype === 'CONSTR_NOTNULL' ? 'not null' : 'check', notValid: skip_validation === true },
      validate: validateStatement('DOMAIN', at.schema, at.name, name),
    },
  }
}
