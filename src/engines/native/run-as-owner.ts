import type { IndexedCatalog } from '../../catalog/indexed.js'
import { rolesOf } from '../../catalog/roles-of.js'
import type { Table } from '../../catalog/relations.js'
import type { MigrationContext } from '../../migration/context.js'
import { isPublished } from '../published-tables.js'

/**
 * Why changes must be applied as the owner of the subscription, when they must. From 16 a change is applied as the owner
 * of its table, which fails for good where the table forces row security on that owner (seen on 17: "cannot replicate
 * into relation with row-level security enabled"), and where the owner may not use the table's schema ("permission
 * denied for schema").
 */
export function reasonToRunAsOwner({ scope, source }: MigrationContext): string | undefined {
  const published = scope.tables.filter(isPublished).map(({ table }) => table)
  if (published.some((table) => table.forceRowSecurity)) {
    return 'Changes are applied as the owner of the subscription: a table forces row security even on its owner, as whom Postgres would refuse to apply.'
  }
  const powerless = published.find((table) => !mayUseSchema(source, table))
  if (powerless === undefined) return undefined
  return `Changes are applied as the owner of the subscription: ${powerless.owner} owns ${powerless.schema}.${powerless.name} and may not use that schema, so Postgres would refuse to apply as it.`
}

/** The target gets the same grants. */
function mayUseSchema(source: IndexedCatalog, { owner, schema }: Table): boolean {
  if (source.roleByName(owner)?.superuser === true) return true
  const acting = rolesOf(source, owner)
  const usage = source.schemas.find((s) => s.name === schema)?.usage ?? []
  return ['', ...acting].some((role) => usage.includes(role))
}
