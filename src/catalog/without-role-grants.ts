import { fingerprint } from '../core/fingerprint.js'
import { quoteIdent } from '../core/quote.js'
import type { Catalog } from './catalog.js'
import type { SchemaObject } from './schema-script.js'

/**
 * The catalog as it would be had `role` been granted nothing. belt's replication role needs SELECT on the tables
 * it copies; those grants are belt's own and must neither travel to the target nor make a plan stale.
 */
export function withoutRoleGrants(catalog: Catalog, role: string): Catalog {
  const objects = catalog.script.objects.flatMap((object) => strip(object, role))
  return { ...catalog, script: { ...catalog.script, objects } }
}

function strip(object: SchemaObject, role: string): readonly SchemaObject[] {
  if (object.kind !== 'grant' || !object.roles.includes(role)) return [object]
  // pg_dump writes one grantee a statement, last in it; both spellings, since it quotes more words than it must.
  const ends = [quoteIdent(role), `"${role.replaceAll('"', '""')}"`].flatMap((name) => [` TO ${name}`, ` FROM ${name}`])
  const statements = object.statements.filter((s) => !ends.some((end) => s.endsWith(end)))
  if (statements.length === 0) return []
  const roles = object.roles.filter((r) => r !== role)
  // Fingerprinted as the parser of dumps does it, or the same grants would read as different ones.
  return [{ ...object, statements, roles, fingerprint: fingerprint({ statements }) }]
}
