import type { State } from './state.js'

/** One action inside the pause. Milliseconds; from its intent on disk to its result, so that belt's own writing counts. */
export interface PauseAction {
  readonly action: string
  /** Since the pause began. */
  readonly startMs: number
  readonly ms: number
}

/** How long applications could write to neither side, as belt saw it: from the fence's intent to the opening's result. */
export interface PauseEvidence {
  readonly handover: 'cutover' | 'rollback'
  readonly outcome: 'opened' | 'given up'
  /** ISO 8601, UTC. */
  readonly from: string
  readonly to: string
  readonly ms: number
  /** In the order in which they began. */
  readonly actions: readonly PauseAction[]
}

/** The last pause of each way is kept, one that was given up included. */
export function pauseMark({ handover }: Pick<PauseEvidence, 'handover'>): string {
  return `pause ${handover}`
}

/** The last pause of each way, newest first. */
export function recordedPauses(state: State | undefined): readonly PauseEvidence[] {
  return (['cutover', 'rollback'] as const)
    .flatMap((handover) => {
      const evidence = state?.marks[pauseMark({ handover })]?.evidence
      // Only belt writes this mark, with this evidence.
      return evidence === undefined ? [] : [evidence as unknown as PauseEvidence]
    })
    .sort((a, b) => (a.to < b.to ? 1 : -1))
}

/** Milliseconds of the pause in which no action ran. */
export function betweenActions({ ms, actions }: Pick<PauseEvidence, 'ms' | 'actions'>): number {
  let covered = 0
  let end = 0
  for (const action of [...actions].sort((a, b) => a.startMs - b.startMs)) {
    const from = Math.max(end, action.startMs)
    end = Math.max(end, action.startMs + action.ms)
    covered += Math.max(0, end - from)
  }
  return Math.max(0, ms - covered)
}
