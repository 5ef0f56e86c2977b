import type { Action } from '../actions/action.js'
import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { CompareRows } from '../actions/compare-rows.js'
import { objectKey } from '../catalog/object-key.js'
import type { PublishedTable } from '../catalog/replication.js'
import { counted } from '../core/counted.js'
import { comparableBytes } from '../migration/compare-estimate.js'
import type { MigrationContext } from '../migration/context.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { setsOf } from './sets.js'
import { publishedTable } from '../migration/scope.js'

const LAG_ID = actionId('lag', 'target')
const VERIFY_ID = actionId('verify', 'rows')

/** The gates at the end of stage `replicating`: the target keeps up, and the rows are proven to be there. */
export function settle(
  context: MigrationContext,
  after: readonly ActionId[],
  pause: readonly [stop: string, resume: string],
  doubtful: readonly PublishedTable[] = [],
): readonly Action[] {
  const verify = verifyAction(context, pause)
  const lag = lagAction(context, after, verify.marks)
  const compare = compareAction(
    context,
    doubtful.filter((t) => verify.tables.some((v) => v.schema === t.schema && v.name === t.name)),
  )
  return [lag, ...compare, { ...verify, after: [...verify.after, ...compare.map((a) => a.id)] }]
}

/**
 * Of these not only the rows are counted but every value is compared: a worker of pglogical that starts anew while a table
 * is copied may put an older value over a newer one (seen), and count as many.
 */
function compareAction(context: MigrationContext, tables: readonly PublishedTable[]): readonly CompareRows[] {
  const { names, spec } = context
  if (tables.length === 0) return []
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'compare-rows',
      id: actionId('compare', 'copied'),
      side: 'target',
      phase: 'verify',
      operation: 'gate',
      title: `the same on both sides: every row of ${counted(tables.length, 'table')} copied while others streamed`,
      note: 'pglogical does not tell when such a copy goes wrong.',
      sql: [],
      transaction: 'none',
      after: [LAG_ID],
      from: 'source',
      slot: names.forward.slot,
      subscription: names.forward.subscription,
      wanted: { depth: 'full', maxAgeMs: spec.cutover.verifyMaxAgeMs, tables },
      restBytes: comparableBytes(3_000),
      provenBy: tables.map((t) => verifiedMark(t.schema, t.name)),
    },
  ]
}

function lagAction(context: MigrationContext, after: readonly ActionId[], marks: readonly string[]): Action {
  const { names, spec } = context
  return {
    ...NOTHING_SPECIAL,
    kind: 'await-lag',
    id: LAG_ID,
    side: 'target',
    phase: 'verify',
    operation: 'gate',
    title: `the target is at most ${megabytes(spec.cutover.maxLagBytes)} of log behind`,
    sql: [],
    transaction: 'none',
    after,
    specPath: 'cutover.max_lag',
    slot: names.forward.slot,
    subscription: names.forward.subscription,
    maxLagBytes: spec.cutover.maxLagBytes,
    // Asked again whenever there are rows to verify: a gate that was once passed proves nothing later.
    marks,
  }
}

function verifyAction(
  context: MigrationContext,
  [stop, resume]: readonly [stop: string, resume: string],
): Extract<Action, { kind: 'verify-rows' }> {
  const { names, scope, marks } = context
  const tables = scope.tables
    .filter((t) => t.route === 'replicate' || t.route === 'replicate-full')
    .map(publishedTable)
    .filter((t) => !marks.has(verifiedMark(t.schema, t.name)))
  return {
    ...NOTHING_SPECIAL,
    kind: 'verify-rows',
    id: VERIFY_ID,
    side: 'target',
    phase: 'verify',
    operation: 'run',
    title: `row counts of ${counted(tables.length, 'table')}, both sides at one position of the log`,
    note: 'Stops apply for a moment to take both snapshots, then lets it go on while the rows are counted.',
    sql: [stop, resume],
    transaction: 'none',
    after: [LAG_ID],
    undo: resume,
    specPath: 'verify',
    method: 'count',
    tables,
    publications: setsOf(context, 'source').map((set) => set.name),
    subscription: names.forward.subscription,
    slot: names.forward.slot,
    marks: tables.map((t) => verifiedMark(t.schema, t.name)),
  }
}

function verifiedMark(schema: string, name: string): string {
  return `verified ${objectKey('table', schema, name)}`
}

function megabytes(bytes: number): string {
  return bytes >= 1_048_576 ? `${String(Math.round(bytes / 1_048_576))} MB` : `${String(Math.round(bytes / 1024))} kB`
}
