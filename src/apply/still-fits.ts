import { factsOf } from '../catalog/facts.js'
import { StoppedError } from '../core/error.js'
import { readShape } from '../inspect/shape.js'
import { newSince } from '../plan/new-since.js'
import { describeStale, staleFacts } from '../plan/staleness.js'
import type { ExecuteContext } from './execute-context.js'

/** What both databases looked like when the plan was last found to fit them; kept with the gate. */
export async function shapeOfBoth({ watch }: ExecuteContext): Promise<string> {
  return `${await readShape(watch.source)} ${await readShape(watch.target)}`
}

/**
 * Comparing rows may have taken hours: what a plan would refuse now, or would do besides, is refused here, while nothing
 * is closed yet. The pause must be that of the databases as they are.
 *
 * @throws StoppedError `gate-closed`
 */
export async function demandStillFits(context: ExecuteContext, asked: 'at the gate' | 'behind hooks'): Promise<void> {
  const { input, state, stop } = context
  const { plan, digest } = input.saved
  const inspection = await input.inspect(stop)
  const now = input.replan(inspection, state.current())
  const errors = now.diagnostics.filter((d) => d.severity === 'error')
  if (errors.length > 0) {
    throw closed(
      errors.map((d) => `${d.message} (${d.code})`),
      'Mend it as belt plan says, then run the same command again.',
    )
  }
  const pending = new Set(plan.actions.filter((a) => a.phase === 'pause').map((a) => a.id))
  const begun = new Set(plan.actions.filter((a) => state.current().actions[a.id]?.plan === digest).map((a) => a.id))
  const facts = new Map([...factsOf(inspection.source), ...factsOf(inspection.target)])
  // What the hooks themselves change is their owner's: they may take a right from a role before the fence does.
  const stale = asked === 'at the gate' ? staleFacts({ plan, pending, begun, facts }) : []
  const found = [...describeStale(stale), ...newSince(plan, now).map((name) => `not in the plan: ${name}`)]
  if (found.length > 0) throw closed(found, 'Make a new plan, review it and apply that: belt plan')
}

const SHOWN = 20

function closed(found: readonly string[], hint: string): StoppedError {
  const more = found.length > SHOWN ? [`  and ${String(found.length - SHOWN)} more`] : []
  const lines = found.slice(0, SHOWN).map((line) => `  ${line}`)
  return new StoppedError(
    'gate-closed',
    ['since the plan was made, and nothing is closed:', ...lines, ...more].join('\n'),
    { hint },
  )
}
