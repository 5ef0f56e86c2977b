import { actionId } from '../../actions/base.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { settingsOfWorkers } from '../../migration/worker-settings.js'
import { recordsId } from './records.js'

export const WORKER_SETTINGS_ID = actionId('settings', 'target', 'workers')

/**
 * The subscription will belong to belt's login, so its workers run under what that role gets in the target database.
 * Where server, database or role set something there that would stop the workers or change values, the role gets
 * settings of its own for this database, which win over all of those (rule 2).
 */
export function planWorkerSettings(context: MigrationContext): Draft {
  const { names, source, target } = context
  const settings = settingsOfWorkers(target.database.encoding)
    .filter(({ since }) => target.server.major >= since)
    .filter(({ name, value }) => {
      // The target takes over the settings of the source database before it copies.
      const toCome = source.database.settings.find((s) => s.name === name)?.value
      return [given(name, target), toCome].some((found) => found !== undefined && found !== value)
    })
    .map(({ name, value }) => ({ name, value }))
  if (settings.length === 0) return { actions: [] }
  const existing = target.database.roleSettings.find((r) => r.role === target.me.name)?.settings ?? []
  const role = quoteIdent(target.me.name)
  const place = `${role} in database ${quoteIdent(target.database.name)}`
  const before = existing.filter((e) => settings.some((s) => s.name === e.name))
  return {
    actions: [
      {
        ...NOTHING_SPECIAL,
        kind: 'set-database',
        id: WORKER_SETTINGS_ID,
        side: 'target',
        phase: 'access',
        operation: 'change',
        title: `settings of ${place}, for the workers of the subscription`,
        note: 'They copy and apply as this role; what is set for the server, the database or the role would stop them or change values.',
        sql: [
          recordSql(names.lineage, WORKER_SETTINGS_ID, `role settings ${target.me.name}`, { settings: before }),
          ...settings.map(
            (s) => `alter role ${place} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)}`,
          ),
        ],
        after: [recordsId('target')],
        undo: settings.map((s) => `alter role ${place} reset ${s.name}`).join('; '),
        settings: [],
        roleSettings: [{ role: target.me.name, settings }],
        grants: [],
        revokes: [],
      },
    ],
  }
}

/** What belt's login gets there. belt asks for an encoding as it connects, so that one stands only where it was set. */
function given(name: string, { me, server, database, roleByName }: IndexedCatalog): string | undefined {
  if (name !== 'client_encoding') return server.settings[name]
  const inDatabase = database.roleSettings.find((r) => r.role === me.name)?.settings ?? []
  const ordered = [...inDatabase, ...(roleByName(me.name)?.settings ?? []), ...database.settings]
  return ordered.find((s) => s.name === name)?.value
}
