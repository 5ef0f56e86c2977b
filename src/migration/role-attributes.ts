import type { Role } from '../catalog/roles.js'
import { quoteLiteral } from '../core/quote.js'

/** What a role has, each with the word of CREATE and ALTER ROLE that gives or takes it, and whether it is there unasked. */
const ATTRIBUTES: readonly (readonly [has: (role: Role) => boolean, given: string, taken: string, usual: boolean])[] = [
  [(r) => r.superuser, 'superuser', 'nosuperuser', false],
  [(r) => r.inherit, 'inherit', 'noinherit', true],
  [(r) => r.createRole, 'createrole', 'nocreaterole', false],
  [(r) => r.createDb, 'createdb', 'nocreatedb', false],
  [(r) => r.replication, 'replication', 'noreplication', false],
  [(r) => r.bypassRls, 'bypassrls', 'nobypassrls', false],
]

/** A role's attributes as CREATE ROLE takes them: whether it logs in, and what is not usual. */
export function roleAttributes(role: Role): readonly string[] {
  const unusual = ATTRIBUTES.filter(([has, , , usual]) => has(role) !== usual)
  return [role.login ? 'login' : 'nologin', ...unusual.map(([has, given, taken]) => (has(role) ? given : taken))]
}

/** Clauses of ALTER ROLE that make one role like another. */
export function attributeChanges(from: Role, to: Role): readonly string[] {
  const changed = ATTRIBUTES.filter(([has]) => has(from) !== has(to))
  return [
    ...(from.login === to.login ? [] : [from.login ? 'login' : 'nologin']),
    ...changed.map(([has, given, taken]) => (has(from) ? given : taken)),
    ...(from.connectionLimit === to.connectionLimit ? [] : [`connection limit ${String(from.connectionLimit)}`]),
    ...(from.validUntil === to.validUntil ? [] : [`valid until ${quoteLiteral(from.validUntil ?? 'infinity')}`]),
  ]
}
