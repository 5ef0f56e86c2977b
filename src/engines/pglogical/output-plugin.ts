import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { factKey } from '../../catalog/facts.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { providerOf } from '../../catalog/provider.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'

const SETTING = 'output_plugin_libraries'
const PLUGIN = 'pglogical_output'

export function pluginId(publisher: Side): ActionId {
  return actionId('output-plugin', publisher)
}

/** Minors from 15.19, 17.11 and 18.5 on load only the output plugins that this setting names; others do not know it. */
export function refusesPlugin(catalog: IndexedCatalog): boolean {
  const setting = catalog.server.settings[SETTING]
  return setting !== undefined && !libraries(setting).includes(PLUGIN)
}

export function mayAllowPlugin(catalog: IndexedCatalog): boolean {
  return catalog.me.superuser && providerOf(catalog) === undefined
}

/** The setting as it must become. */
export function allowedPlugins(catalog: IndexedCatalog): readonly string[] {
  return [...libraries(catalog.server.settings[SETTING] ?? ''), PLUGIN]
}

export function libraries(setting: string): readonly string[] {
  return setting
    .split(',')
    .map((part) => part.trim().replaceAll('"', ''))
    .filter((part) => part !== '')
}

/** Names are written bare: one quoted list would be the name of one library. */
export function pluginActions(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Ensure[] {
  const catalog = context[publisher]
  if (!refusesPlugin(catalog) || !mayAllowPlugin(catalog)) return []
  const id = pluginId(publisher)
  const before = catalog.server.settings[SETTING] ?? ''
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id,
      side: publisher,
      phase: 'replication',
      operation: 'change',
      title: `${SETTING} of the ${publisher} server: allow ${PLUGIN}`,
      note: `Without it the server refuses every subscription of pglogical. It holds for the whole server and takes effect with a reload.`,
      sql: [
        recordSql(context.names.lineage, id, `setting ${SETTING}`, { value: before }),
        `alter system set ${SETTING} = ${allowedPlugins(catalog).join(', ')}`,
        `select pg_catalog.pg_reload_conf()`,
      ],
      transaction: 'none',
      after,
      reads: [factKey(publisher, `setting ${SETTING}`)],
      undo: `alter system set ${SETTING} = ${libraries(before).join(', ')}; select pg_reload_conf()`,
      specPath: 'engine',
      wants: [{ is: 'setting', name: SETTING, lists: PLUGIN }],
    },
  ]
}
