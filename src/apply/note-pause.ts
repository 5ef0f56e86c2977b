import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { fenceId, openId } from '../migration/fence-record.js'
import type { SavedPlan } from '../plan/plan-file.js'
import { pauseMark } from '../state/pause-mark.js'
import type { PauseAction, PauseEvidence } from '../state/pause-mark.js'
import type { OpenState } from '../state/state-store.js'
import type { State } from '../state/state.js'

/**
 * The pause of this plan by what its actions' records say, those of an earlier run that was killed included; undefined
 * when no fence was begun, or when the records do not tell.
 */
export function pauseOf(
  { plan, digest }: SavedPlan,
  from: Side,
  state: State,
  outcome: PauseEvidence['outcome'],
  now: string,
): PauseEvidence | undefined {
  const recordOf = (id: string): State['actions'][string] | undefined =>
    state.actions[id]?.plan === digest ? state.actions[id] : undefined
  const began = recordOf(fenceId(from))?.startedAt
  const ended = outcome === 'opened' ? recordOf(openId(otherSide(from)))?.finishedAt : now
  if (began === undefined || ended === undefined) return undefined
  const start = Date.parse(began)
  const actions = plan.actions.flatMap(({ id, phase }): readonly PauseAction[] => {
    const record = phase === 'pause' ? recordOf(id) : undefined
    const at = record === undefined ? 0 : Date.parse(record.startedAt)
    if (record === undefined || at < start) return []
    return [{ action: id, startMs: at - start, ms: Math.max(0, Date.parse(record.finishedAt ?? ended) - at) }]
  })
  return {
    handover: from === 'source' ? 'cutover' : 'rollback',
    outcome,
    from: began,
    to: ended,
    ms: Math.max(0, Date.parse(ended) - start),
    actions: actions.sort((a, b) => a.startMs - b.startMs),
  }
}

/** Notes the pause in the state, where `belt status` finds it, and gives it. */
export async function notePause(
  saved: SavedPlan,
  from: Side,
  state: OpenState,
  outcome: PauseEvidence['outcome'],
  at = new Date().toISOString(),
): Promise<PauseEvidence | undefined> {
  const pause = pauseOf(saved, from, state.current(), outcome, at)
  if (pause !== undefined) await state.append({ kind: 'mark-set', mark: pauseMark(pause), at, evidence: { ...pause } })
  return pause
}
