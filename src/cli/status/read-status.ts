import { serverIdentity } from '../../migration/server-identity.js'
import type { TableSyncState } from '../../catalog/replication.js'
import { quoteQualified } from '../../core/quote.js'
import { otherSide, SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { withBothSides, type SidesInput } from '../../inspect/both-sides.js'
import { type Lag, readLag } from '../../inspect/lag.js'
import type { MigrationContext } from '../../migration/context.js'
import { standingOf, streamFrom } from '../../migration/streams/stream.js'
import { fenceId } from '../../migration/fence-record.js'
import { publishedFrom } from '../../migration/direction.js'
import { probeAction } from '../../actions/action.js'
import { servingSide, sideToReopen } from '../../planner/current-stage.js'
import { planLeftovers } from '../../planner/removal/leftovers.js'
import { refusedPassword } from '../../planner/preflight/roles.js'
import { leftTraces, stageAsFound } from '../../planner/rebuilt-stage.js'
import { describeHolder, findLockHolder } from '../../postgres/lock-holder.js'
import { runLockKey } from '../../postgres/lock-key.js'
import type { ReplicationStatus, Status } from '../../render/status/status.js'
import type { Stage } from '../../spec/spec.js'
import { checkLineage } from '../../state/state-error.js'
import { recordedPauses } from '../../state/pause-mark.js'
import { recordedVerifications } from '../../state/verification-mark.js'
import type { StateStore } from '../../state/state-store.js'
import { ageSeconds } from './age-seconds.js'
import { failedActions } from './failed-actions.js'
import { lightContext } from './light-context.js'
import { healthAlarms, OF_A_PAUSE, sourceFence, targetFence } from './health.js'

/** Reads how a migration does, without the schema dump that a plan needs. */
export async function readStatus(sides: SidesInput, store: StateStore, signal: AbortSignal): Promise<Status> {
  const state = await store.read()
  return withBothSides(sides, signal, async (both) => {
    const context = await lightContext(both, state, signal, 'streams')
    checkLineage(state, context.names.lineage, store.location)
    const serving = servingSide(context)
    const stage = stageAsFound(context)
    const lag =
      serving === sides.spec.gone
        ? undefined
        : await readLag(both.sessions[serving], publishedFrom(serving, context.names).slot)
    const holder = await findLockHolder(both.sessions.target, runLockKey(context.names.lineage))
    const replication = replicationOf(context, serving, lag)
    return {
      name: sides.spec.name,
      stage,
      wanted: sides.spec.stage,
      source: serverIdentity(context, 'source'),
      target: serverIdentity(context, 'target'),
      ...(replication === undefined ? {} : { replication }),
      targetFence: targetFence(context),
      sourceFence: sourceFence(context),
      ...servingKnown(context, stage),
      ...pausing(context),
      // While a run holds the lock it is the pause, and no alarm.
      alarms: [...healthAlarms(context), ...refusedPassword(context)].filter(
        (a) => holder === undefined || !OF_A_PAUSE.has(a.code),
      ),
      leftovers: leftoversOf(context),
      ...(state?.run === undefined ? {} : { run: state.run }),
      verifications: recordedVerifications(state).map((v) => ({ ...v, ageSeconds: ageSeconds(v.at) })),
      pauses: recordedPauses(state).map((p) => ({ ...p, ageSeconds: ageSeconds(p.to) })),
      failed: failedActions(state, sides.spec),
      ...(holder === undefined ? {} : { holder: describeHolder(holder) }),
      state: { location: store.location, ...(state === undefined ? {} : { serial: state.serial }) },
    }
  })
}

/** At `absent` nothing is watched: before the first plan the source serves, after a migration that is over the target. */
function servingKnown(context: MigrationContext, stage: Stage): Pick<Status, 'serving'> {
  if (stage === 'finalized') return { serving: 'target' }
  return stage === 'absent' && !leftTraces(context) ? {} : { serving: servingSide(context) }
}

/** The direction that runs now: from the side that serves to the other. */
function replicationOf(context: MigrationContext, from: Side, lag: Lag | undefined): ReplicationStatus | undefined {
  const { subscription: name, slot: slotName } = publishedFrom(from, context.names)
  const subscription = context[otherSide(from)].subscriptionByName(name)
  if (subscription === undefined) return undefined
  const tables: Partial<Record<TableSyncState, number>> = {}
  for (const { state } of subscription.tables) tables[state] = (tables[state] ?? 0) + 1
  const notReady = subscription.tables.filter((t) => t.state !== 'ready')
  const slot = context[from].slotByName(slotName)
  const stream = streamFrom(context, from)
  const standing = stream === undefined ? 'failing' : standingOf(stream)
  return {
    from,
    subscription: name,
    enabled: subscription.enabled,
    running: standing === 'streaming',
    failing: stream?.evidence?.worker === 'restarting',
    slot: slotName,
    ...(lag === undefined ? {} : { lagBytes: lag.bytes }),
    ...(slot === undefined ? {} : { retainedBytes: slot.volatile.retainedBytes }),
    ...(slot?.walStatus === undefined ? {} : { walStatus: slot.walStatus }),
    tables,
    notReady: notReady.slice(0, 10).map((t) => quoteQualified(t.schema, t.name)),
  }
}

function leftoversOf(context: MigrationContext): Status['leftovers'] {
  const { actions, diagnostics = [] } = planLeftovers(context)
  return [
    ...actions.filter((a) => probeAction(a, context) !== 'done').map(({ side, title }) => ({ side, what: title })),
    ...diagnostics.flatMap(({ side, message }) => (side === undefined ? [] : [{ side, what: message }])),
  ]
}

/** Since when both sides have been closed, by the younger of the two fences' records on the servers. */
function pausing(context: MigrationContext): Pick<Status, 'pausing'> {
  if (sideToReopen(context) === undefined) return {}
  const times = SIDES.map((side) => Date.parse(context[side].recordOf(context.names.lineage, fenceId(side))?.at ?? ''))
  const since = new Date(Math.max(...times)).toISOString()
  return { pausing: { since, seconds: ageSeconds(since) } }
}
