import type { AlterDefaultPrivilegesStmt, GrantStmt, Node, ObjectType } from 'libpg-query'
import { textKey } from '../../catalog/object-key.js'
import { quoteIdent } from '../../core/quote.js'
import { NotUnderstood, listOf, required, roleName, stringOf } from './names.js'
import type { Part } from './part.js'
import { referenceOf } from './reference.js'
import type { Statement } from './statement.js'

export function grant(stmt: GrantStmt, statement: Statement): Part {
  const [object, ...more] = stmt.objects ?? []
  if (stmt.targtype !== 'ACL_TARGET_OBJECT' || more.length > 0) throw new NotUnderstood('GRANT on several objects')
  return { role: 'about', kind: 'grant', of: referenceOf(stmt.objtype, object, statement) }
}

const TYPES: Partial<Record<ObjectType, string>> = {
  OBJECT_TABLE: 'TABLES',
  OBJECT_SEQUENCE: 'SEQUENCES',
  OBJECT_FUNCTION: 'FUNCTIONS',
  OBJECT_TYPE: 'TYPES',
  OBJECT_SCHEMA: 'SCHEMAS',
  OBJECT_LARGEOBJECT: 'LARGE OBJECTS',
}

/** One object for each role, schema and type of object, as pg_default_acl has one row for each. */
export function defaultPrivileges(stmt: AlterDefaultPrivilegesStmt): Part {
  const role = optionOf(stmt, 'roles').map((node) => ('RoleSpec' in node ? roleName(node.RoleSpec) : undefined))[0]
  const schema = optionOf(stmt, 'schemas').map(stringOf)[0]
  const types = required(stmt.action?.objtype === undefined ? undefined : TYPES[stmt.action.objtype], 'the type')
  const where = schema === undefined ? '' : ` IN SCHEMA ${quoteIdent(schema)}`
  const name = `FOR ROLE ${quoteIdent(required(role, 'the role'))}${where} ON ${types}`
  const object = { key: textKey('default acl', name), kind: 'default acl', name } as const
  return { role: 'beside', object: schema === undefined ? object : { ...object, schema } }
}

function optionOf(stmt: AlterDefaultPrivilegesStmt, name: string): readonly Node[] {
  for (const node of stmt.options ?? [])
    if ('DefElem' in node && node.DefElem.defname === name) return listOf(node.DefElem.arg)
  return []
}
