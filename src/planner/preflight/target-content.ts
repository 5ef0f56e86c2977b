import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteQualified } from '../../core/quote.js'
import { shellWord } from '../../core/shell-word.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { STATE_TABLES } from '../../state/state-tables.js'
import { servingSide } from '../current-stage.js'
import { isTargetClosed } from '../rules/target-closed.js'
import { copiedRowsId } from '../handover/copied-tables.js'

/** What already stands on the target, or in schema `belt`, that belt did not put there. */
export function checkTargetContent(context: MigrationContext): readonly Diagnostic[] {
  return [...filledTables(context), ...foreignBeltSchema(context), ...connectedSessions(context)]
}

/** The copy would add to rows that are there: duplicates at best, a failed copy at worst. */
function filledTables(context: MigrationContext): readonly Diagnostic[] {
  const { scope, target, names } = context
  // Then the rows are the application's own, and the stage's order is what is wrong.
  if (servingSide(context) === 'target') return []
  const subscription = target.subscriptionByName(names.forward.subscription)
  // pglogical notes no table of its initial copy before the end of it.
  if (subscription?.copyBegun === true) return []
  const ours = new Set(subscription?.tables.map((t) => quoteQualified(t.schema, t.name)))
  // After a rollback the target holds what an earlier cutover copied there.
  const copiedBefore = (table: QualifiedName): boolean =>
    target.recordOf(names.lineage, copiedRowsId('target', table)) !== undefined
  const filled = scope.tables
    .map((t) => ({ ...t, there: target.tableByName(t.table.schema, t.table.name) }))
    .filter(
      ({ table, there, route }) =>
        (there?.volatile.heapBytes ?? 0) > 0 &&
        route !== 'none' &&
        !ours.has(quoteQualified(table.schema, table.name)) &&
        !copiedBefore(table),
    )
  const open = !isTargetClosed(context)
  return filled.map(({ table }) => {
    const name = quoteQualified(table.schema, table.name)
    const anew =
      subscription?.of === 'pglogical'
        ? ` Or copy it anew: belt plan --resync ${shellWord(name)}`
        : ` (if an earlier copy left them: belt plan --restart)`
    return {
      severity: 'error',
      code: 'target-not-empty',
      side: 'target',
      subject: `table ${name}`,
      message: `${name} already holds rows on the target, which belt did not copy`,
      fix: open
        ? `Applications can connect to the target, so they may be in use. If a migration that is over brought them and its state is lost, nothing is left to do: set stage: absent. Only if nobody needs them: empty ${name} by hand.`
        : `Look at them; if they may go: truncate ${name};${anew}`,
    }
  })
}

function foreignBeltSchema(context: MigrationContext): readonly Diagnostic[] {
  return SIDES.flatMap((side): readonly Diagnostic[] => {
    const strange = context[side].beltTables.filter(
      (t) => t !== 'record' && !STATE_TABLES.includes(t) && !/^marker_[0-9a-f]{8}$/.test(t),
    )
    if (strange.length === 0) return []
    return [
      {
        severity: 'error',
        code: 'belt-schema-taken',
        side,
        subject: 'schema belt',
        message: `schema belt on the ${side} holds ${strange.join(', ')}, which belt did not make; it needs that schema for its records`,
        fix: 'Rename that schema.',
      },
    ]
  })
}

/** The fence takes CONNECT; it does not end sessions that are there already. */
function connectedSessions({ target, names }: MigrationContext): readonly Diagnostic[] {
  const strangers = target.activity.sessionsByRole.filter((s) => s.role !== target.me.name)
  if (strangers.length === 0 || target.recordOf(names.lineage, 'fence.target') === undefined) return []
  const list = strangers.map((s) => `${s.role} (${String(s.sessions)})`).join(', ')
  return [
    {
      severity: 'warning',
      code: 'target-sessions',
      side: 'target',
      message: `sessions of ${list} are connected to the fenced target; they were there before the fence or belong to superusers`,
      fix: 'End them: nothing but belt may write to the target before cutover.',
    },
  ]
}
