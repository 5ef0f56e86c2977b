import type { AclItem } from '../catalog/acl.js'
import type { IndexedCatalog } from '../catalog/indexed.js'
import { serviceRoles } from '../catalog/provider.js'
import { compareText } from '../core/diagnostic.js'
import { quoteIdent } from '../core/quote.js'
import type { FenceMethod } from '../spec/spec.js'

/** What closes a database to applications, and what puts back exactly what stood there. */
export interface FenceSql {
  readonly close: readonly string[]
  readonly reopen: readonly string[]
  /** What is noted on the server before it is changed. */
  readonly before: FenceBefore
}

/** The record of a fence: enough to reopen without belt's state or plan. */
export interface FenceBefore {
  readonly method: FenceMethod
  /** The database's ACL; null is the built-in one. */
  readonly acl: readonly AclItem[] | null
  readonly owner: string
  /** Roles whose LOGIN was taken. */
  readonly logins: readonly string[]
  /** Roles that were given CONNECT so that belt is not locked out itself. */
  readonly admitted: readonly string[]
  /** default_transaction_read_only as set for the database, if it was. */
  readonly readOnly: string | null
}

/** The state of a database that a fence is about to change. */
export function fenceBefore(catalog: IndexedCatalog, method: FenceMethod, admitted: readonly string[]): FenceBefore {
  const { acl, owner, settings } = catalog.database
  const kept = [...admitted, ...serviceRoles(catalog)]
  const logins =
    method === 'revoke_login'
      ? catalog.roles
          .filter((r) => r.login && !r.superuser && r.canConnect && !kept.includes(r.name))
          .map((r) => r.name)
      : []
  const readOnly = settings.find((s) => s.name === 'default_transaction_read_only')?.value ?? null
  return { method, acl, owner, logins, admitted, readOnly }
}

export function fenceSql(database: string, before: FenceBefore): FenceSql {
  const name = quoteIdent(database)
  switch (before.method) {
    case 'none':
      return { close: [], reopen: [], before }
    case 'read_only': {
      const was = before.readOnly
      const back =
        was === null ? `reset default_transaction_read_only` : `set default_transaction_read_only = ${quoteIdent(was)}`
      return {
        close: [`alter database ${name} set default_transaction_read_only = on`],
        reopen: [`alter database ${name} ${back}`],
        before,
      }
    }
    case 'revoke_login':
      return {
        close: before.logins.map((role) => `alter role ${quoteIdent(role)} nologin`),
        reopen: before.logins.map((role) => `alter role ${quoteIdent(role)} login`),
        before,
      }
    case 'revoke_connect':
      return connectFence(name, before)
  }
}

/** In words, what the fence takes from whom; sorted. */
export function takenByFence(before: FenceBefore): readonly string[] {
  switch (before.method) {
    case 'none':
      return []
    case 'read_only':
      return ['read-write transactions of everybody']
    case 'revoke_login':
      return before.logins.map((role) => `LOGIN of ${role}`).sort(compareText)
    case 'revoke_connect':
      return [...new Set(takenGrants(before).map((a) => `CONNECT of ${a.grantee === '' ? 'PUBLIC' : a.grantee}`))].sort(
        compareText,
      )
  }
}

function heldGrants({ acl, owner }: FenceBefore): readonly AclItem[] {
  return (
    acl?.filter((a) => a.privilege === 'CONNECT') ??
    ['', owner].map((grantee) => ({ grantor: owner, grantee, privilege: 'CONNECT', grantable: false }))
  )
}

/** What others granted to an admitted role goes too: it would keep their own grant option from being taken. */
function takenGrants(before: FenceBefore): readonly AclItem[] {
  const { owner, admitted } = before
  return heldGrants(before).filter((a) => a.grantor !== owner || !admitted.includes(a.grantee))
}

function connectFence(name: string, before: FenceBefore): FenceSql {
  const { owner, admitted } = before
  const held = heldGrants(before)
  const taken = takenGrants(before)
  const given = admitted.filter((role) => !held.some((a) => a.grantee === role && a.grantor === owner))
  const ordered = inOrderOfGrants(taken, owner)
  return {
    close: [
      ...(admitted.length > 0 ? [`grant connect on database ${name} to ${admitted.map(quoteIdent).join(', ')}`] : []),
      ...runsOfGrantor([...ordered].reverse()).flatMap(([first, ...rest]) => {
        const from = [first, ...rest].map((a) => grantee(a.grantee)).join(', ')
        return asGrantor(first, owner, `revoke connect on database ${name} from ${from}`)
      }),
    ],
    // One statement each: a role that is gone meanwhile must not keep the others out.
    reopen: [
      ...ordered.flatMap((a) => asGrantor(a, owner, grantBack(name, a))),
      ...given.map((role) => `revoke connect on database ${name} from ${quoteIdent(role)}`),
    ],
    before,
  }
}

function grantBack(name: string, { grantee: to, grantable }: AclItem): string {
  return `grant connect on database ${name} to ${grantee(to)}${grantable ? ' with grant option' : ''}`
}

/** Whoever grants needs its own grant first; taken away in the reverse order, no grant depends on one that is gone. */
function inOrderOfGrants(items: readonly AclItem[], owner: string): readonly AclItem[] {
  const left = [...items].sort((a, b) => compareText(a.grantee, b.grantee) || compareText(a.grantor, b.grantor))
  const ordered: AclItem[] = []
  while (left.length > 0) {
    const ready = left.findIndex((a) => a.grantor === owner || !left.some((b) => b !== a && b.grantee === a.grantor))
    ordered.push(...left.splice(Math.max(0, ready), 1))
  }
  return ordered
}

/** Neighbours of one grantor, to be named in one statement. */
function runsOfGrantor(items: readonly AclItem[]): readonly (readonly [AclItem, ...AclItem[]])[] {
  const runs: [AclItem, ...AclItem[]][] = []
  for (const item of items) {
    const last = runs.at(-1)
    if (last !== undefined && last[0].grantor === item.grantor) last.push(item)
    else runs.push([item])
  }
  return runs
}

/**
 * A grant can only be taken back as the role that gave it: a superuser's REVOKE acts as the owner and leaves the grants
 * of others in place without a word.
 */
function asGrantor({ grantor }: AclItem, owner: string, statement: string): readonly string[] {
  return grantor === owner ? [statement] : [`set local role ${quoteIdent(grantor)}`, statement, 'reset role']
}

function grantee(name: string): string {
  return name === '' ? 'public' : quoteIdent(name)
}
