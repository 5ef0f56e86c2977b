import type { IndexedCatalog } from '../../catalog/indexed.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'
import { MACHINERY } from '../../migration/scope.js'

/** Extensions of the source that the target cannot have, or has in another version, and rows that live in them. */
export function checkExtensions({ source, target }: MigrationContext): readonly Diagnostic[] {
  const available = new Map(target.availableExtensions.map((e) => [e.name, e.defaultVersion]))
  const installed = new Map(target.extensions.map((e) => [e.name, e.version]))
  const found: Diagnostic[] = []
  for (const extension of source.extensions.filter((e) => e.name !== MACHINERY)) {
    const subject = `extension ${extension.name}`
    const version = installed.get(extension.name) ?? available.get(extension.name)
    if (version === undefined) {
      found.push({
        severity: 'error',
        code: 'extension-missing',
        side: 'target',
        subject,
        message: `extension ${extension.name} ${extension.version} is installed on the source and is not available on the target server`,
        fix: `Install its package on the target server, or drop it on the source if nothing uses it.`,
      })
    } else if (!installed.has(extension.name) && !isAllowed(target, extension.name)) {
      found.push({
        severity: 'error',
        code: 'extension-not-allowed',
        side: 'target',
        subject,
        message: `extension ${extension.name} is installed on the source, and the target’s azure.extensions does not allow it`,
        fix: `Add ${extension.name} to azure.extensions in the server parameters of the target.`,
      })
    } else if (version !== extension.version) {
      found.push({
        severity: 'info',
        code: 'extension-version',
        side: 'target',
        subject,
        message: `extension ${extension.name} is ${extension.version} on the source and will be ${version} on the target`,
      })
    }
    for (const table of extension.configTables.filter((t) => t.rows !== 0)) {
      found.push({
        severity: 'warning',
        code: 'extension-rows',
        side: 'source',
        subject,
        message: `extension ${extension.name} ${rowsText(table.rows)} of configuration in ${table.table}; replication does not carry them`,
        fix: `Copy them by hand: copy (select * from ${table.table} ${table.condition}) to stdout.`,
      })
    }
  }
  return found
}

/** Azure lists every extension as available and makes only those that its server parameter names. */
function isAllowed({ server }: IndexedCatalog, extension: string): boolean {
  const allowed = server.settings['azure.extensions']
  if (allowed === undefined) return true
  return allowed.split(',').some((name) => name.trim().toLowerCase() === extension)
}

/** At most 10,000 rows are counted; -1 stands for a table that may not be read. */
function rowsText(rows: number): string {
  if (rows < 0) return 'may keep rows (they cannot be read)'
  return rows >= 10_000 ? 'keeps 10000 or more rows' : `keeps ${counted(rows, 'row')}`
}
