import type { Node, ObjectType } from 'libpg-query'
import { objectKey, textKey } from '../../catalog/object-key.js'
import type { ObjectKey, ObjectKind } from '../../catalog/object-key.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { NotUnderstood, listOf, qualified, required, stringOf, typeQualified } from './names.js'
import type { Reference } from './part.js'
import { signatureOf, typeReader } from './signature.js'
import type { Statement } from './statement.js'

export function relationAddress(name: QualifiedName): string {
  return `relation ${quoteQualified(name.schema, name.name)}`
}

export function typeAddress(name: QualifiedName): string {
  return `type of ${quoteQualified(name.schema, name.name)}`
}

export function routineAddress(name: QualifiedName, signature: string): string {
  return `routine ${quoteQualified(name.schema, name.name)}${signature}`
}

const RELATIONS: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_INDEX: 'index',
}

const IN_SCHEMA: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
}

const IN_DATABASE: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_LANGUAGE: 'language',
  OBJECT_SCHEMA: 'schema',
}

const IN_TABLE: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TRIGGER: 'trigger',
}

const ROUTINES: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'function',
}

/** What COMMENT ON, ALTER … OWNER TO, GRANT ON and SECURITY LABEL ON name. */
export function referenceOf(type: ObjectType | undefined, object: Node | undefined, statement: Statement): Reference {
  const kind = required(type, 'the kind of object')
  const relation = RELATIONS[kind]
  if (relation !== undefined) return relationReference(relation, namesOf(object))
  const inSchema = IN_SCHEMA[kind]
  if (inSchema !== undefined) return exact(inSchema, qualified(listOf(object)))
  const inDatabase = IN_DATABASE[kind]
  if (inDatabase !== undefined) return databaseReference(inDatabase, stringOf(object))
  const inTable = IN_TABLE[kind]
  if (inTable !== undefined) return tablePartReference(inTable, listOf(object).map(stringOf))
  const routine = ROUTINES[kind]
  if (routine !== undefined) return routineReference(routine, object, statement)
  return otherReference(kind, object, statement)
}

function namesOf(object: Node | undefined): QualifiedName {
  if (object !== undefined && 'RangeVar' in object) {
    const { schemaname, relname } = object.RangeVar
    return { schema: required(schemaname, 'schema'), name: required(relname, 'name') }
  }
  if (object !== undefined && 'TypeName' in object) return typeQualified(object.TypeName)
  return qualified(listOf(object))
}

function relationReference(kind: ObjectKind, at: QualifiedName): Reference {
  const key = objectKey(kind, at.schema, at.name)
  // An identity column's sequence and a constraint's index are no objects of their own, yet carry comments.
  const named = kind === 'index' || kind === 'sequence' ? { subject: key } : {}
  return { address: relationAddress(at), fallback: { kind, key, ...at }, ...named }
}

function exact(kind: ObjectKind, at: QualifiedName): Reference {
  const key = objectKey(kind, at.schema, at.name)
  return { address: key, fallback: { kind, key, ...at } }
}

function databaseReference(kind: ObjectKind, name: string): Reference {
  const key = objectKey(kind, name)
  return { address: key, fallback: { kind, key, name, ...(kind === 'schema' ? { schema: name } : {}) } }
}

function tablePartReference(kind: ObjectKind, names: readonly string[]): Reference {
  const [schema, table, name] = names
  if (schema === undefined || table === undefined || name === undefined || names.length !== 3) {
    throw new NotUnderstood(`expected schema.table.name, got ${names.join('.')}`)
  }
  const key = objectKey(kind, schema, table, name)
  return {
    address: key,
    within: relationAddress({ schema, name: table }),
    fallback: { kind, key, schema, name },
    subject: key,
  }
}

function routineReference(kind: ObjectKind, object: Node | undefined, statement: Statement): Reference {
  if (object === undefined || !('ObjectWithArgs' in object)) throw new NotUnderstood('expected a signature')
  const { objname, objargs = [], objfuncargs } = object.ObjectWithArgs
  const at = qualified(objname)
  const signature = signatureOf(statement, objfuncargs ?? objargs)
  const shown = kind === 'aggregate' && signature === '()' ? '(*)' : signature
  const key = textKey(kind, `${quoteQualified(at.schema, at.name)}${shown}`)
  return { address: routineAddress(at, signature), fallback: { kind, key, ...at } }
}

/** `public.===(integer, integer)`: an operator's name is no identifier, so it is never quoted. */
export function operatorKey(at: QualifiedName, signature: string): ObjectKey {
  return textKey('operator', `${quoteIdent(at.schema)}.${at.name}${signature}`)
}

export function accessMethodKey(
  kind: 'operator class' | 'operator family',
  at: QualifiedName,
  method: string,
): ObjectKey {
  return textKey(kind, `${quoteQualified(at.schema, at.name)} USING ${quoteIdent(method)}`)
}

function otherReference(type: ObjectType, object: Node | undefined, statement: Statement): Reference {
  switch (type) {
    case 'OBJECT_COLUMN': {
      const [schema, table, column] = listOf(object).map(stringOf)
      if (schema === undefined || table === undefined || column === undefined) throw new NotUnderstood('a column')
      const key = objectKey('table', schema, table)
      const address = relationAddress({ schema, name: table })
      return {
        address,
        fallback: { kind: 'table', key, schema, name: table },
        subject: `column ${[schema, table, column].map(quoteIdent).join('.')}`,
      }
    }
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const at = namesOf(object)
      const kind = type === 'OBJECT_TYPE' ? 'type' : 'domain'
      return { address: typeAddress(at), fallback: { kind, key: objectKey(kind, at.schema, at.name), ...at } }
    }
    case 'OBJECT_DOMCONSTRAINT': {
      const [domain, name] = listOf(object)
      const at = namesOf(domain)
      const key = objectKey('constraint', at.schema, at.name, stringOf(name))
      const fallback = { kind: 'constraint', key, schema: at.schema, name: stringOf(name) } as const
      return { address: key, within: typeAddress(at), fallback, subject: key }
    }
    case 'OBJECT_OPERATOR': {
      if (object === undefined || !('ObjectWithArgs' in object)) throw new NotUnderstood('expected an operator')
      const at = qualified(object.ObjectWithArgs.objname)
      const key = operatorKey(at, signatureOf(statement, object.ObjectWithArgs.objargs ?? []))
      return { address: key, fallback: { kind: 'operator', key, ...at } }
    }
    case 'OBJECT_OPCLASS':
    case 'OBJECT_OPFAMILY': {
      const [method, ...names] = listOf(object)
      const kind = type === 'OBJECT_OPCLASS' ? 'operator class' : 'operator family'
      const at = qualified(names)
      const key = accessMethodKey(kind, at, stringOf(method))
      return { address: key, fallback: { kind, key, ...at } }
    }
    case 'OBJECT_CAST':
    case 'OBJECT_TRANSFORM': {
      const [from, to] = listOf(object)
      if (from === undefined || to === undefined || !('TypeName' in from)) throw new NotUnderstood('expected a type')
      const read = typeReader(statement)
      const key =
        'TypeName' in to
          ? castKey(read(from.TypeName), read(to.TypeName))
          : transformKey(read(from.TypeName), stringOf(to))
      const kind = 'TypeName' in to ? 'cast' : 'transform'
      return { address: key, fallback: { kind, key, name: key.slice(kind.length + 1) } }
    }
    default:
      throw new NotUnderstood(`no object of belt's: ${type}`)
  }
}

export function castKey(from: string, to: string): ObjectKey {
  return textKey('cast', `(${from} AS ${to})`)
}

export function transformKey(type: string, language: string): ObjectKey {
  return textKey('transform', `FOR ${type} LANGUAGE ${quoteIdent(language)}`)
}
