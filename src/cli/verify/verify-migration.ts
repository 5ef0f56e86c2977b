import { serverIdentity } from '../../migration/server-identity.js'
import { BeltError, UsageError } from '../../core/error.js'
import { type SidesInput, withBothSides } from '../../inspect/both-sides.js'
import { inspectBoth } from '../../inspect/inspect-both.js'
import { type MigrationContext, migrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { currentStage } from '../../planner/current-stage.js'
import { overallVerdict, type Verification } from '../../render/verify/verification.js'
import { meantTable } from '../../spec/similar-tables.js'
import type { Stage } from '../../spec/spec.js'
import { checkLineage } from '../../state/state-error.js'
import type { StateStore } from '../../state/state-store.js'
import { compareStream, type Resumed, type StreamCompared } from '../../verify/online/compare-stream.js'
import { comparisonFile } from '../../verify/online/progress-file.js'
import type { VerifyProgress } from '../../verify/rows/progress.js'
import { comparedTables } from '../../verify/scope/compared-tables.js'
import { streamingDirection } from '../../verify/scope/streaming-direction.js'
import { differsInStructureOnly } from '../../verify/rows/verify-result.js'
import { causesOfDifferences } from './causes.js'
import { lightContext } from '../status/light-context.js'
import { verifySchema } from './schema-verification.js'

export interface VerifyWishes {
  /** Patterns of tables; empty means all, and the structure too. */
  readonly patterns: readonly string[]
  readonly depth: 'full' | { readonly sample: number }
  readonly jobs: number
  readonly maxBytesPerSecond?: number
  readonly showValues: boolean
  readonly onProgress: (progress: VerifyProgress) => void
  /** Do not go on with a comparison that was stopped. */
  readonly afresh: boolean
  readonly onResume: (resumed: Resumed, tables: number) => void
}

export interface Verified {
  readonly verification: Verification
  readonly context: MigrationContext
  readonly compared: StreamCompared
}

/**
 * Compares both databases of a migration while changes stream. Reads only, but for the messages that mark positions of
 * the publisher's log.
 *
 * @throws BeltError `verify-not-streaming`; UsageError `verify-no-table`; what verifyTables throws
 */
export async function verifyMigration(
  sides: SidesInput,
  store: StateStore,
  wishes: VerifyWishes,
  signal: AbortSignal,
): Promise<Verified> {
  const state = await store.read()
  const whole = wishes.patterns.length === 0
  const { context, settings } = await withBothSides(sides, signal, async (both) => ({
    context: whole
      ? migrationContext(sides.spec, await inspectBoth(both, signal), state)
      : await lightContext(both, state, signal),
    settings: both.settings,
  }))
  checkLineage(state, context.names.lineage, store.location)
  const stage = currentStage(context)
  const direction = streamingDirection(context)
  if (direction === undefined) throw notStreaming(stage, context)
  const { tables, notCompared } = comparedTables(context, direction, wishes.patterns)
  if (!whole && tables.length + notCompared.length === 0) {
    const known = context.scope.tables.map(({ table }) => table)
    const meant = wishes.patterns.map((pattern) => meantTable(pattern, known)).find((text) => text !== '') ?? ''
    throw new UsageError(
      'verify-no-table',
      `no table of ${sides.spec.name} is called ${wishes.patterns.join(' or ')}${meant}`,
      {
        hint: 'name tables as schema.table, where * stands for any characters and quotes keep capitals: public."Order"',
      },
    )
  }
  const { maxBytesPerSecond, jobs, depth, showValues, onProgress, afresh, onResume } = wishes
  const { chunkRows } = sides.spec.verify
  const { path: statePath } = sides.spec.state
  const compared = await compareStream(
    {
      connections: settings,
      tables,
      streaming: direction,
      jobs,
      depth,
      showValues,
      onProgress,
      ...(maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond }),
      ...(chunkRows === undefined ? {} : { chunkRows }),
      resumption: {
        file: comparisonFile(statePath, wishes.patterns),
        maxAgeMs: sides.spec.cutover.verifyMaxAgeMs,
        afresh,
        onResume: (resumed) => onResume(resumed, tables.length),
      },
    },
    signal,
  )
  const { rows } = compared
  const schema = whole && stage !== 'prepared' ? verifySchema(context, direction.publisher) : undefined
  const differ = rows.tables.some((t) => t.verdict === 'different' && !differsInStructureOnly(t))
  const causes = differ ? causesOfDifferences(context, direction.publisher) : []
  const verification: Verification = {
    name: sides.spec.name,
    stage,
    at: compared.begunAt,
    source: serverIdentity(context, 'source'),
    target: serverIdentity(context, 'target'),
    publisher: direction.publisher,
    depth,
    patterns: wishes.patterns,
    verdict: overallVerdict(rows.verdict, notCompared, schema),
    rows,
    notCompared,
    ...(causes.length === 0 ? {} : { causes }),
    ...(schema === undefined ? {} : { schema }),
  }
  return { verification, context, compared }
}

/** Without a stream no two looks at the sides are of one position of the log, and nothing can be told of rows. */
function notStreaming(stage: Stage, context: MigrationContext): BeltError {
  const why = reasonFor(stage, context)
  return new BeltError('verify-not-streaming', `rows cannot be compared at stage ${stage}: ${why.because}`, {
    hint: why.hint,
  })
}

function reasonFor(stage: Stage, context: MigrationContext): { readonly because: string; readonly hint: string } {
  const { names, source, target, spec } = context
  const disabled = target.subscriptionByName(publishedFrom('source', names).subscription)
  switch (stage) {
    case 'absent':
      return { because: 'nothing is copied yet', hint: 'belt plan shows the way to stage replicating.' }
    case 'prepared':
      return disabled === undefined
        ? { because: 'nothing is copied yet', hint: 'Set stage: replicating and make a plan.' }
        : { because: 'the subscription is disabled', hint: 'belt status tells more.' }
    case 'replicating':
      return { because: 'the subscription is disabled or gone', hint: 'belt status tells more.' }
    case 'cutover':
    case 'rolled-back':
      return spec.reverse.enabled && source.subscriptions.length + target.subscriptions.length > 0
        ? {
            because: 'the subscription that brings changes to the other side is disabled',
            hint: 'belt status tells more.',
          }
        : {
            because: 'no changes stream between the sides any more',
            hint: 'Only replication keeps both sides comparable: reverse: { enabled: true } before the cutover.',
          }
    case 'finalized':
      return { because: 'replication is over, and each side goes its own way', hint: 'Verify before finalized.' }
  }
}
