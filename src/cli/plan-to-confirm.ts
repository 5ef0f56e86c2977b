import { RefusedError } from '../core/error.js'
import { hasErrors } from '../core/diagnostic.js'
import type { SidesInput } from '../inspect/both-sides.js'
import { planDigest } from '../plan/plan-digest.js'
import type { SavedPlan } from '../plan/plan-file.js'
import { planText } from '../render/plan/plan-text.js'
import { count } from '../render/text/quantity.js'
import { confirm } from './confirm.js'
import type { CliContext } from './context.js'
import { makePlan } from './make-plan.js'
import { nextAfterPlan, specFlags } from './next-command.js'
import type { SpecOptions } from './spec-file.js'

export interface ConfirmOptions extends SpecOptions {
  readonly yes?: boolean
  readonly json?: boolean
}

/** Plans, shows the plan and asks. Undefined when there is nothing to do; throws when the plan cannot be or is not wanted. */
export async function planToConfirm(
  sides: SidesInput,
  options: ConfirmOptions,
  context: CliContext,
): Promise<SavedPlan | undefined> {
  const { plan, state } = await makePlan(sides, context)
  const json = options.json === true
  // With --json stdout belongs to the events.
  const [output, style] = json ? [context.err, context.errStyle] : [context.out, context.outStyle]
  const next = plan.actions.length === 0 ? nextAfterPlan(plan, options, undefined) : 'carry this plan out'
  output.write(planText(plan, { style, next }))
  if (hasErrors(plan.diagnostics)) {
    const errors = plan.diagnostics.filter((d) => d.severity === 'error').length
    throw new RefusedError('plan-has-errors', `the plan has ${count(errors, 'error')}: nothing was changed`, {
      hint: `fix what stands above, then run belt plan${specFlags(options)}`,
    })
  }
  if (plan.actions.length === 0 && state?.stage === plan.to) return undefined
  if (plan.actions.length > 0) {
    const otherWay = `say --yes, or save the plan for review: belt plan${specFlags(options)} --out plan.json`
    await confirm(context, options.yes === true, `This carries out ${count(plan.actions.length, 'action')}.`, otherWay)
  }
  return { plan, digest: planDigest(plan) }
}
