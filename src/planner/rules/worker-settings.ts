import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { settingsOfWorkers } from '../../migration/worker-settings.js'
import { recordsId } from './records.js'

export function workerSettingsId(side: Side): ActionId {
  return actionId('settings', side, 'workers')
}

/**
 * A subscription belongs to belt's login on the side that applies, so its workers run under what that role gets there.
 * Where server, database or role set something there that would stop the workers or change values, the role gets
 * settings of its own for this database, which win over all of those (rule 2).
 */
export function planWorkerSettings(context: MigrationContext, side: Side, after: readonly ActionId[] = []): Draft {
  const { names, source } = context
  const catalog = context[side]
  const { database, me, server } = catalog
  const settings = settingsOfWorkers(database.encoding)
    .filter(({ since }) => server.major >= since)
    .filter(({ name, value }) => {
      // The target takes over the settings of the source database before it copies.
      const toCome = side === 'target' ? source.database.settings.find((s) => s.name === name)?.value : undefined
      return [given(name, catalog), toCome].some((found) => found !== undefined && found !== value)
    })
    .map(({ name, value }) => ({ name, value }))
  if (settings.length === 0) return { actions: [] }
  const existing = database.roleSettings.find((r) => r.role === me.name)?.settings ?? []
  const role = quoteIdent(me.name)
  const id = workerSettingsId(side)
  const place = `${role} in database ${quoteIdent(database.name)}`
  const before = existing.filter((e) => settings.some((s) => s.name === e.name))
  return {
    actions: [
      {
        ...NOTHING_SPECIAL,
        kind: 'set-database',
        id,
        side,
        phase: 'access',
        operation: 'change',
        title: `settings of ${place}, for the workers of the subscription`,
        note: 'They copy and apply as this role; what is set for the server, the database or the role would stop them or change values.',
        sql: [
          recordSql(names.lineage, id, `role settings ${me.name}`, { settings: before }),
          ...settings.map(
            (s) => `alter role ${place} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)}`,
          ),
        ],
        after: [recordsId(side), ...after],
        undo: settings.map((s) => `alter role ${place} reset ${s.name}`).join('; '),
        settings: [],
        roleSettings: [{ role: me.name, settings }],
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
