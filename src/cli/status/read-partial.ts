import type { Catalog } from '../../catalog/catalog.js'
import { indexCatalog, type IndexedCatalog } from '../../catalog/indexed.js'
import { BeltError } from '../../core/error.js'
import type { Side } from '../../core/side.js'
import { settingsOfSides, type SidesInput } from '../../inspect/both-sides.js'
import { inspectDatabase } from '../../inspect/inspect.js'
import { ADOPT_ID, withAdopted } from '../../migration/adopted-names.js'
import { lineageOnly } from '../../migration/gone-source.js'
import { fenceId, isOpenByRecords, isOpened, openId } from '../../migration/fence-record.js'
import { namesOf } from '../../migration/names.js'
import type { Names } from '../../migration/names.js'
import { withConnection } from '../../postgres/connect.js'
import { describeHolder, findLockHolder } from '../../postgres/lock-holder.js'
import { runLockKey } from '../../postgres/lock-key.js'
import type { PartialStatus, Reached, SideSeen } from '../../render/status/partial-status.js'
import type { Spec } from '../../spec/spec.js'
import { recordedPauses } from '../../state/pause-mark.js'
import type { State } from '../../state/state.js'
import type { StateStore } from '../../state/state-store.js'
import { recordedVerifications } from '../../state/verification-mark.js'
import { ageSeconds } from './age-seconds.js'
import { failedActions } from './failed-actions.js'
import { NO_SCRIPT } from './light-context.js'

/**
 * What can be told of a migration of which a server does not answer: what the state says, and what the other server does.
 * Undefined when both can be looked at, so that something else is wrong.
 */
export async function readPartial(
  sides: SidesInput,
  store: StateStore,
  signal: AbortSignal,
): Promise<PartialStatus | undefined> {
  const { spec } = sides
  const { state, error } = await stateOrError(sides, store, signal)
  const look = (side: Side): Promise<Look> => lookAt(sides, side, state, signal)
  const [source, target] = await Promise.all([look('source'), look('target')])
  if (source.seen.reached && target.seen.reached) return undefined
  const holder = target.holder
  return {
    name: spec.name,
    wanted: spec.stage,
    ...(state === undefined ? {} : { recordedStage: state.stage }),
    source: source.seen,
    target: target.seen,
    ...(state?.run === undefined ? {} : { run: state.run }),
    verifications: recordedVerifications(state).map((v) => ({ ...v, ageSeconds: ageSeconds(v.at) })),
    pauses: recordedPauses(state).map((p) => ({ ...p, ageSeconds: ageSeconds(p.to) })),
    failed: failedActions(state, spec),
    ...(holder === undefined ? {} : { holder }),
    state: {
      location: store.location,
      ...(state === undefined ? {} : { serial: state.serial }),
      ...(error === undefined ? {} : { error }),
    },
  }
}

/** It may live on the very server that does not answer. */
async function stateOrError(
  { secrets }: SidesInput,
  store: StateStore,
  signal: AbortSignal,
): Promise<{ readonly state?: State; readonly error?: string }> {
  try {
    const state = await store.read()
    return state === undefined ? {} : { state }
  } catch (error) {
    if (signal.aborted || !(error instanceof BeltError)) throw error
    return { error: secrets.redact(error.message) }
  }
}

interface Look {
  readonly seen: SideSeen
  /** Of the run lock, which is on the target. */
  readonly holder?: string
}

async function lookAt(sides: SidesInput, side: Side, state: State | undefined, signal: AbortSignal): Promise<Look> {
  const { spec, secrets } = sides
  const { host, port, database } = spec[side]
  const unreached = (code: string, message: string): Look => ({
    seen: { reached: false, host, port, database, code, message },
  })
  if (spec.gone === side) return unreached('gone', 'the spec says that it is gone for good')
  try {
    return await withConnection(settingsOfSides(sides)[side], signal, async (session) => {
      const catalog = indexCatalog(await inspectDatabase(session, { side }, () => Promise.resolve(NO_SCRIPT), signal))
      const lineage = state?.lineage ?? lineageOnly(spec.name, catalog)
      const names = lineage === undefined ? undefined : namesThere(spec.name, lineage, catalog)
      const holder =
        side === 'target' && lineage !== undefined ? await findLockHolder(session, runLockKey(lineage)) : undefined
      return {
        seen: reached(spec, catalog, names),
        ...(holder === undefined ? {} : { holder: describeHolder(holder) }),
      }
    })
  } catch (error) {
    if (signal.aborted || !(error instanceof BeltError)) throw error
    return unreached(error.code, secrets.redact(error.message))
  }
}

function namesThere(name: string, lineage: string, catalog: IndexedCatalog): Names {
  return withAdopted(namesOf(name, lineage), [catalog.recordOf(lineage, ADOPT_ID)])
}

function reached(spec: Spec, catalog: IndexedCatalog, names: Names | undefined): Reached {
  const { side, server, database } = catalog
  const { systemIdentifier, major, version } = server
  const { host, port } = spec[side]
  return {
    reached: true,
    server: { systemIdentifier, database: database.name, host, port, major, version },
    ...(names === undefined ? {} : accessOf(catalog, names)),
    ...(names === undefined ? { subscriptions: [], slots: [] } : streamsOf(catalog, names)),
  }
}

function accessOf(catalog: IndexedCatalog, { lineage }: Names): Pick<Reached, 'applications' | 'serves'> {
  const { side } = catalog
  const has = (action: string): boolean => catalog.recordOf(lineage, action) !== undefined
  const known = (catalog.records ?? []).some((r) => r.lineage === lineage)
  if (!known) return {}
  const serves = (['source', 'target'] as const).find((other) =>
    other === side ? isOpened(catalog, lineage) : has(openId(other)) && has(fenceId(side)),
  )
  return {
    applications: isOpenByRecords(side, has) ? 'let in' : 'kept out',
    ...(serves === undefined ? {} : { serves }),
  }
}

function streamsOf(catalog: Catalog, { forward, reverse }: Names): Pick<Reached, 'subscriptions' | 'slots'> {
  const made = [forward.subscription, reverse.subscription]
  const own = catalog.subscriptions.filter((s) => made.includes(s.name))
  // pglogical names a slot by its subscription, at the end.
  const slots = catalog.slots.filter(
    (s) => s.name === forward.slot || s.name === reverse.slot || made.some((name) => s.name.endsWith(`_${name}`)),
  )
  return {
    subscriptions: own.map(({ name, enabled, tables, volatile }) => {
      const states: Partial<Record<(typeof tables)[number]['state'], number>> = {}
      for (const { state } of tables) states[state] = (states[state] ?? 0) + 1
      return { name, enabled, running: volatile.workerPid !== undefined, tables: states }
    }),
    slots: slots.map(({ name, walStatus, volatile }) => ({
      ...{ name, active: volatile.active, retainedBytes: volatile.retainedBytes },
      ...(walStatus === undefined ? {} : { walStatus }),
    })),
  }
}
