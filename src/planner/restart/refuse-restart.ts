import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { fenceId } from '../../migration/fence-record.js'
import type { Stage } from '../../spec/spec.js'
import { servingSide, sideToReopen } from '../current-stage.js'
import { isTargetClosed } from '../rules/target-closed.js'
import { tablesToEmpty } from './truncate.js'

/** Why rows of the target may not be deleted: they could exist nowhere else, or something stands on them. */
export function refuseRestart(context: MigrationContext, from: Stage): readonly Diagnostic[] {
  return [...wrongStage(context), ...mayHaveServed(context, from), ...referenced(context)]
}

function wrongStage({ spec }: MigrationContext): readonly Diagnostic[] {
  if (spec.stage === 'replicating') return []
  const at = spec.positions['stage']
  return [
    {
      severity: 'error',
      code: 'restart-stage',
      message: `a restart leads to stage replicating, and the spec asks for ${spec.stage}`,
      fix: 'Set stage: replicating, then plan the restart.',
      ...(at === undefined ? {} : { at }),
    },
  ]
}

/**
 * Only while belt's own record says that it closed the target, and the target is closed, is it certain that no
 * application has written there: the record goes when the target is opened.
 */
export function mayHaveServed(context: MigrationContext, from: Stage): readonly Diagnostic[] {
  const { target, names } = context
  const refused = (message: string, fix: string): readonly Diagnostic[] => [
    { severity: 'error', code: 'restart-refused', side: 'target', message, fix },
  ]
  const half = sideToReopen(context)
  if (half !== undefined) {
    return refused(
      'a handover is half-way: which side has the last rows is not settled',
      'Apply its plan again, or set the stage back and apply what belt plan shows; then plan the restart.',
    )
  }
  if (from === 'cutover' || from === 'finalized' || servingSide(context) === 'target') {
    return refused(
      `the target serves (stage ${from}): rows that applications wrote there are nowhere else`,
      from === 'cutover' ? 'Go to rolled-back first: it brings them to the source.' : 'There is nothing to restart.',
    )
  }
  const byHand = 'If nobody needs the rows that are there, empty those tables by hand and plan without --restart.'
  if (target.recordOf(names.lineage, fenceId('target')) === undefined) {
    return refused(
      'no record on the target says that belt has kept applications out since its copy began, so its rows may be somebody’s own',
      byHand,
    )
  }
  if (!isTargetClosed(context)) {
    return refused(
      'applications can connect to the target, so its rows may be theirs',
      `belt plan closes it again; look at what was written meanwhile. ${byHand}`,
    )
  }
  return []
}

/** TRUNCATE is refused while a table that keeps its rows refers to one that is emptied. */
function referenced(context: MigrationContext): readonly Diagnostic[] {
  const emptied = new Set(tablesToEmpty(context).map((t) => quoteQualified(t.schema, t.name)))
  return context.target.constraints.flatMap((c): readonly Diagnostic[] => {
    if (c.type !== 'foreign key' || c.references === undefined) return []
    const from = quoteQualified(c.schema, c.table)
    const to = quoteQualified(c.references.schema, c.references.name)
    const scoped = context.scope.routeOf(c.schema, c.table) !== undefined
    if (scoped || !emptied.has(to)) return []
    return [
      {
        severity: 'error',
        code: 'restart-referenced',
        side: 'target',
        subject: `table ${to}`,
        message: `${from}, which is out of scope, refers to ${to} by foreign key ${c.name}, so the rows there cannot be taken away`,
        fix: 'Drop that foreign key on the target, or take the table into scope.',
      },
    ]
  })
}
