import type { Node, RangeVar, RoleSpec, TypeName } from 'libpg-query'
import type { QualifiedName } from '../../catalog/schema-script.js'

/** The shape of a statement is not the one pg_dump is known to write; the statement becomes an `unknown` object. */
export class NotUnderstood extends Error {}

export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new NotUnderstood(`${what} is missing`)
  return value
}

export function stringOf(node: Node | undefined): string {
  if (node !== undefined && 'String' in node) return node.String.sval ?? ''
  throw new NotUnderstood('expected a name')
}

export function listOf(node: Node | undefined): readonly Node[] {
  if (node !== undefined && 'List' in node) return node.List.items ?? []
  throw new NotUnderstood('expected a list')
}

/** `schema.name`: pg_dump qualifies everything, so a bare name is not understood. */
export function qualified(nodes: readonly Node[] | undefined): QualifiedName {
  const names = (nodes ?? []).map(stringOf)
  if (names.length !== 2) throw new NotUnderstood(`expected schema.name, got ${names.join('.')}`)
  return { schema: required(names[0], 'schema'), name: required(names[1], 'name') }
}

export function relationName(relation: RangeVar | undefined): QualifiedName {
  return {
    schema: required(relation?.schemaname, 'the schema of the relation'),
    name: required(relation?.relname, 'the name of the relation'),
  }
}

export function typeQualified(type: TypeName | undefined): QualifiedName {
  return qualified(type?.names)
}

/** The role's name; undefined for PUBLIC and the session's own role. */
export function roleName(role: RoleSpec | undefined): string | undefined {
  return role?.roletype === 'ROLESPEC_CSTRING' ? role.rolename : undefined
}

/** Every role named anywhere in the tree. */
export function rolesIn(tree: unknown): readonly string[] {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item)
    } else if (typeof value === 'object' && value !== null) {
      if ('roletype' in value && value.roletype === 'ROLESPEC_CSTRING' && 'rolename' in value) {
        if (typeof value.rolename === 'string') found.add(value.rolename)
      }
      for (const member of Object.values(value)) visit(member)
    }
  }
  visit(tree)
  return [...found]
}
