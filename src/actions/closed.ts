import type { Catalog } from '../catalog/catalog.js'
import type { FenceMethod } from '../spec/spec.js'

/** A database that a handover has closed: what its fence took from applications is not back. */
export interface Closed {
  readonly is: 'closed'
  readonly method: FenceMethod
  /** Roles that may have CONNECT all the same. */
  readonly admitted: readonly string[]
  /** Roles whose LOGIN was taken. */
  readonly logins: readonly string[]
}

/** By what stands in the catalog, whoever put it there. The owner's CONNECT is taken by a fence too. */
export function isClosed(
  { method, admitted, logins }: Omit<Closed, 'is'>,
  { database, roles }: Pick<Catalog, 'database' | 'roles'>,
): boolean {
  switch (method) {
    case 'none':
      return true
    case 'read_only':
      return database.settings.some((s) => s.name === 'default_transaction_read_only' && s.value === 'on')
    case 'revoke_login':
      return !roles.some((r) => r.login && logins.includes(r.name))
    case 'revoke_connect':
      return database.acl?.every((a) => a.privilege !== 'CONNECT' || admitted.includes(a.grantee)) === true
  }
}
