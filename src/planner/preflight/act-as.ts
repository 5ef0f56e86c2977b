import type { IndexedCatalog } from '../../catalog/indexed.js'
import { quoteIdent } from '../../core/quote.js'

/** belt's login has the rights of that role without SET ROLE: what only the owner of an object may do asks for these. */
export function hasRightsOf({ me }: IndexedCatalog, role: string): boolean {
  return me.superuser || me.name === role || me.memberOf.includes(role)
}

/** belt's login may SET ROLE to it, which giving an object to it asks for too. */
export function maySetRole({ me }: IndexedCatalog, role: string): boolean {
  return me.superuser || me.name === role || me.maySetRole.includes(role)
}

/** From 16 a membership that is there may lack either option, and a plain GRANT leaves them as they are. */
export function grantMembership(catalog: IndexedCatalog, role: string): string {
  const { me, server, roleByName } = catalog
  const there = roleByName(me.name)?.memberOf.some((m) => m.role === role) === true
  const options = server.major >= 16 && there ? ' with inherit true, set true' : ''
  const inherits = server.major < 16 && there ? ` alter role ${quoteIdent(me.name)} inherit;` : ''
  return `grant ${quoteIdent(role)} to ${quoteIdent(me.name)}${options};${inherits}`
}
