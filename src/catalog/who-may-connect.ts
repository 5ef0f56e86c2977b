import type { IndexedCatalog } from './indexed.js'
import { serviceRoles } from './provider.js'
import { rolesOf } from './roles-of.js'
import type { Role } from './roles.js'

export interface MayConnect {
  readonly role: string
  /** The grantee whose CONNECT lets it in: its own, that of PUBLIC (''), or of a role whose rights it inherits. */
  readonly through: string
}

/**
 * Logins other than those named that get in where just these grantees have CONNECT. Superusers, whom nothing keeps out,
 * and the provider's own are left out. Who owns the database gets in by a grant like everybody else.
 */
export function whoMayConnect(
  catalog: IndexedCatalog,
  grantees: readonly string[],
  except: readonly string[],
  roles: readonly Role[] = catalog.roles,
): readonly MayConnect[] {
  const spared = new Set([...except, ...serviceRoles(catalog)])
  return roles
    .filter((r) => r.login && !r.superuser && r.connectionLimit !== 0 && !spared.has(r.name))
    .flatMap(({ name }): readonly MayConnect[] => {
      const through = ['', ...rolesOf(catalog, name)].find((r) => grantees.includes(r))
      return through === undefined ? [] : [{ role: name, through }]
    })
}

/** Who has CONNECT by name; a database without an ACL of its own grants it to everybody and to its owner. */
export function connectGrantees({ database: { acl, owner } }: Pick<IndexedCatalog, 'database'>): readonly string[] {
  return acl === null ? ['', owner] : acl.filter((a) => a.privilege === 'CONNECT').map((a) => a.grantee)
}
