import type { IndexedCatalog } from './indexed.js'

/** A role with all whose rights it has without SET ROLE. */
export function rolesOf(catalog: IndexedCatalog, name: string): readonly string[] {
  const found = [name]
  for (const at of found) {
    const role = catalog.roleByName(at)
    for (const m of role?.memberOf ?? []) {
      if ((m.inherit ?? role?.inherit) === true && !found.includes(m.role)) found.push(m.role)
    }
  }
  return found
}
