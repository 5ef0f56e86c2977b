import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { timelineChanged } from '../../migration/timelines.js'

/** A server that was promoted or restored since belt last worked on it may lack rows that it had (rule 12). */
export function checkTimelines(context: MigrationContext): readonly Diagnostic[] {
  const { state } = context
  if (state === undefined) return []
  return SIDES.filter((side) => timelineChanged(state, context, side)).map((side) => ({
    severity: 'warning',
    code: 'timeline-changed',
    side,
    message: `the ${side} is on timeline ${String(context[side].server.timeline)} and was on ${String(state[side].timeline ?? 1)}: it was promoted or restored since, and what was verified before counts no more`,
    fix: 'Find out whether the new primary had everything. The next apply verifies the rows again, once, before anything rests on them.',
  }))
}
