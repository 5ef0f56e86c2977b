import { fingerprint } from '../core/fingerprint.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { Catalog } from './catalog.js'

/**
 * Names something true of one side that a plan was made from: `source table public.orders`,
 * `target role app_rw`, `source publication belt_shop_…`. Its value is a fingerprint; a fact that is
 * not there has the value `absent`.
 */
export type FactKey = string & { readonly __factKey: true }

export type Facts = ReadonlyMap<FactKey, string>

export const ABSENT = 'absent'

export function factKey(side: Side, what: string): FactKey {
  return `${side} ${what}` as FactKey
}

/** How a table's rows are found by replication; names apart from the key of an identity column, which has a part more. */
export function identityFact(schema: string, table: string): string {
  return `identity ${quoteQualified(schema, table)}`
}

/** Whether row security is on at all; what a policy or FORCE says is an object of its own. */
export function rowSecurityFact(schema: string, table: string): string {
  return `row security of ${quoteQualified(schema, table)}`
}

/** Who may log in and connect to this database; superusers, whom nothing keeps out, left out. */
export const LOGINS_FACT = 'logins'

/** A row of belt's own records; several of one action are one fact, of the last. */
export function recordFact(lineage: string, action: string): string {
  return `record ${lineage} ${action}`
}

/** The value of a fact, `absent` when the thing is not there. */
export function factOf(facts: Facts, key: FactKey): string {
  return facts.get(key) ?? ABSENT
}

/** Every fact of one side. Volatile fields (sizes, positions, activity) are never part of a fact. */
export function factsOf(catalog: Catalog): Facts {
  const facts = new Map<FactKey, string>()
  const add = (what: string, value: unknown): void => {
    facts.set(factKey(catalog.side, what), fingerprint(value))
  }
  const invalid = new Set(catalog.indexes.filter((i) => !i.valid).map((i) => `${i.schema}\u0000${i.name}`))
  for (const object of catalog.script.objects) {
    const usable = object.kind !== 'index' || !invalid.has(`${object.schema ?? ''}\u0000${object.name}`)
    add(object.key, { text: object.fingerprint, usable })
  }
  for (const role of catalog.roles) add(`role ${role.name}`, { ...role, canConnect: undefined })
  const mayCome = catalog.roles.filter((r) => r.login && !r.superuser && r.canConnect)
  add(LOGINS_FACT, mayCome.map((r) => r.name).sort())
  for (const p of catalog.publications) add(`publication ${p.name}`, p)
  for (const s of catalog.subscriptions) {
    add(`subscription ${s.name}`, { slot: s.slotName ?? null, publications: s.publications, owner: s.owner })
  }
  for (const slot of catalog.slots) {
    add(`slot ${slot.name}`, { plugin: slot.plugin, database: slot.database, lost: slot.walStatus === 'lost' })
  }
  for (const set of catalog.pglogical?.sets ?? []) add(`replication set ${set.name}`, set)
  if (catalog.pglogical?.localNode) add(`node ${catalog.pglogical.localNode.name}`, catalog.pglogical.localNode)
  for (const [name, value] of Object.entries(catalog.server.settings)) add(`setting ${name}`, value)
  for (const t of catalog.tables) {
    add(identityFact(t.schema, t.name), { identity: t.replicaIdentity, columns: t.identityColumns })
    add(rowSecurityFact(t.schema, t.name), t.rowSecurity)
  }
  // By when they were written: a fence that was let go and fell again is another one.
  for (const r of catalog.records ?? []) add(recordFact(r.lineage, r.action), { before: r.before, at: r.at })
  add('database acl', catalog.database.acl)
  add('database settings', [catalog.database.settings, catalog.database.comment ?? null])
  return facts
}
