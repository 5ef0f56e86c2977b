import type { ActionId } from '../../actions/base.js'
import type { ApplyEvent } from '../../apply/apply-event.js'
import type { Side } from '../../core/side.js'

export type ProgressOf = Extract<ApplyEvent, { type: 'action-progress' }>
export type WaitingOf = Extract<ApplyEvent, { type: 'action-waiting' | 'action-retried' }>

/** An action that runs now. */
export interface Running {
  readonly id: ActionId
  readonly title: string
  readonly side: Side
  readonly number: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly progress?: ProgressOf
  readonly waiting?: WaitingOf
}

/** Where an apply is, as far as its events have told. */
export interface Progress {
  readonly startedAt: string | undefined
  readonly of: number
  /** Actions that are done, were done before, or failed. */
  readonly ended: number
  readonly running: readonly Running[]
  /** What goes on while no action runs. */
  readonly doing: string | undefined
}

export const NO_PROGRESS: Progress = { startedAt: undefined, of: 0, ended: 0, running: [], doing: undefined }

/** The progress after one more event. */
export function follow(progress: Progress, event: ApplyEvent): Progress {
  switch (event.type) {
    case 'started':
      return { ...NO_PROGRESS, startedAt: event.at, of: event.actions }
    case 'lock-waiting':
      return { ...progress, doing: `waiting for another run: ${event.holder}` }
    case 'orphans-waiting':
      return { ...progress, doing: `waiting for what an earlier run left running on the ${event.side}` }
    case 'inspecting':
      return { ...progress, doing: event.why === 'before' ? 'reading both databases' : 'reading both databases again' }
    case 'checked':
      return { ...progress, ended: event.done, doing: undefined }
    case 'notice':
    case 'pause':
      return progress
    case 'action-started': {
      const { action: id, title, side, number, at: startedAt } = event
      return {
        ...progress,
        doing: undefined,
        of: event.of,
        running: [...progress.running, { id, title, side, number, startedAt }],
      }
    }
    case 'action-progress':
      return update(progress, event.action, ({ waiting: _, ...running }) => ({ ...running, progress: event }))
    case 'action-waiting':
    case 'action-retried':
      return update(progress, event.action, (running) => ({ ...running, waiting: event }))
    case 'action-skipped':
      return progress
    case 'action-done':
    case 'action-failed':
      return { ...progress, ended: progress.ended + 1, running: progress.running.filter((r) => r.id !== event.action) }
    case 'finished':
      return { ...progress, running: [], doing: undefined }
  }
}

function update(progress: Progress, id: ActionId, change: (running: Running) => Running): Progress {
  return { ...progress, running: progress.running.map((r) => (r.id === id ? change(r) : r)) }
}
