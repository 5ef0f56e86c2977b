import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import type { AclItem } from '../../../src/catalog/acl.js'
import { fenceSql } from '../../../src/migration/fence-sql.js'
import type { FenceBefore } from '../../../src/migration/fence-sql.js'

const OWNER = 'owner'
const built: readonly AclItem[] = ['', OWNER].map((grantee) => item(OWNER, grantee))

function item(grantor: string, grantee: string, grantable = false): AclItem {
  return { grantor, grantee, privilege: 'CONNECT', grantable }
}

/** What Postgres makes of the statements: a grant needs a grantor that may grant, and none may be taken from under another. */
function run(acl: readonly AclItem[], statements: readonly string[]): readonly AclItem[] {
  let as = OWNER
  let now = [...acl]
  const may = (role: string): boolean => role === OWNER || now.some((a) => a.grantee === role && a.grantable)
  for (const statement of statements) {
    const role = /^set local role (\w+)$/.exec(statement)?.[1]
    const [, verb, list = '', option] =
      /^(grant|revoke) connect on database shop (?:to|from) ([\w, ]+?)( with grant option)?$/.exec(statement) ?? []
    if (role !== undefined) as = role
    else if (statement === 'reset role') as = OWNER
    else if (verb === undefined) throw new Error(`not understood: ${statement}`)
    else
      for (const name of list.split(', ')) {
        const grantee = name === 'public' ? '' : name
        if (verb === 'grant' && !may(as)) throw new Error(`${as} may not grant: ${statement}`)
        const had = now.find((a) => a.grantor === as && a.grantee === grantee)
        now = now.filter((a) => a !== had)
        if (verb === 'grant') now.push(item(as, grantee, option !== undefined || had?.grantable === true))
        else if (now.some((a) => a.grantor === grantee) && !may(grantee))
          throw new Error(`${grantee} has granted further`)
      }
  }
  return now
}

function sorted(acl: readonly AclItem[]): readonly string[] {
  return acl.map((a) => `${a.grantor} ${a.grantee} ${String(a.grantable)}`).sort()
}

/** Grants as they come about: each by somebody who may grant at that time. */
const grown = fc
  .array(fc.tuple(fc.nat(8), fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'belt', 'monitor'), fc.boolean()), {
    maxLength: 10,
  })
  .map((steps) => {
    const acl: AclItem[] = [...built]
    for (const [who, grantee, grantable] of steps) {
      const may = [OWNER, ...acl.filter((a) => a.grantable).map((a) => a.grantee)]
      const grantor = may[who % may.length] ?? OWNER
      const circle = grantor !== OWNER && reaches(acl, grantee, grantor)
      if (grantee === grantor || circle || acl.some((a) => a.grantor === grantor && a.grantee === grantee)) continue
      acl.push(item(grantor, grantee, grantable && grantee !== ''))
    }
    return acl
  })

/** Postgres refuses grants that come back to their grantor. */
function reaches(acl: readonly AclItem[], from: string, to: string): boolean {
  return from === to || acl.some((a) => a.grantor === from && from !== '' && reaches(acl, a.grantee, to))
}

test('a fence over any chain of grants can be closed and opened, each grant by its grantor and in an order that works', () => {
  fc.assert(
    fc.property(grown, fc.subarray(['belt', 'monitor']), (acl, admitted) => {
      const before: FenceBefore = { method: 'revoke_connect', acl, owner: OWNER, logins: [], admitted, readOnly: null }
      const { close, reopen } = fenceSql('shop', before)
      const closed = run(acl, close)
      expect(closed.map((a) => a.grantee).sort()).toEqual([...admitted].sort())
      expect(sorted(run(closed, reopen))).toEqual(sorted(acl))
    }),
    { numRuns: 500 },
  )
})

test('a chain is taken from its end and given from its beginning', () => {
  const acl = [item('b', 'c'), item(OWNER, 'a', true), item('a', 'b', true)]
  const before: FenceBefore = { method: 'revoke_connect', acl, owner: OWNER, logins: [], admitted: [], readOnly: null }
  const { close, reopen } = fenceSql('shop', before)
  const revoked = close.filter((s) => s.startsWith('revoke')).map((s) => s.split(' from ')[1])
  expect(revoked).toEqual(['c', 'b', 'a'])
  expect(reopen.filter((s) => s.startsWith('grant')).map((s) => s.split(' to ')[1])).toEqual([
    'a with grant option',
    'b with grant option',
    'c',
  ])
})

test.each<[Partial<FenceBefore>, readonly string[], readonly string[]]>([
  [{ method: 'none' }, [], []],
  [
    { method: 'revoke_login', logins: ['app', 'Other'] },
    ['alter role app nologin', 'alter role "Other" nologin'],
    ['alter role app login', 'alter role "Other" login'],
  ],
  [
    { method: 'read_only' },
    ['alter database shop set default_transaction_read_only = on'],
    ['alter database shop reset default_transaction_read_only'],
  ],
  [
    { method: 'read_only', readOnly: 'off' },
    ['alter database shop set default_transaction_read_only = on'],
    ['alter database shop set default_transaction_read_only = off'],
  ],
])('the fence %j says how it closes and opens', (more, close, reopen) => {
  const before = { acl: null, owner: OWNER, logins: [], admitted: [], readOnly: null, ...more } as FenceBefore
  expect(fenceSql('shop', before)).toMatchObject({ close, reopen })
})
