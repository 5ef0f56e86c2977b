import type { Action } from '../actions/action.js'
import { actionId } from '../actions/base.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { MigrationContext } from '../migration/context.js'
import type { Draft } from '../migration/draft.js'
import type { Stage } from '../spec/spec.js'

/** The step whose approval stands for giving up the source: after it nothing remembers what belt made there. */
const FORGETS = actionId('drop', 'records', 'target')

const IN_VAIN: Readonly<Record<Stage, string>> = {
  absent: 'Go to finalized: the target serves, and what belt made there is taken away.',
  prepared: 'Only finalized and absent can be reached without the source.',
  replicating: 'Only finalized and absent can be reached without the source.',
  cutover:
    'Only finalized and absent can be reached without the source. A cutover that was past its point of no return goes on with its own saved plan.',
  'rolled-back': 'Only finalized and absent can be reached without the source.',
  finalized:
    'The target was not opened by a cutover. If one was past its point of no return, apply its saved plan again; otherwise stage absent opens the target as it was before belt, with the rows that have arrived.',
}

/** Without the source only what takes belt's own things away can be done. */
export function refuseWithoutSource({ inspection, spec }: MigrationContext, from: Stage): Diagnostic | undefined {
  if (inspection.gone === undefined) return undefined
  const fits =
    spec.stage === 'finalized' ? ['cutover', 'finalized'].includes(from) : spec.stage === 'absent' && from !== 'cutover'
  if (fits) return undefined
  const at = spec.positions['gone']
  return {
    severity: 'error',
    code: 'source-gone',
    side: 'source',
    message: `stage ${spec.stage} cannot be reached from ${from} without the source, and the spec says that it is gone for good`,
    fix: IN_VAIN[spec.stage],
    ...(at === undefined ? {} : { at }),
  }
}

/** Of a draft what can be done on the target alone, its last step with the approval that this needs. */
export function onTargetAlone(context: MigrationContext, draft: Draft): Draft {
  if (context.inspection.gone === undefined) return draft
  const actions = draft.actions.filter((a) => a.side === 'target').map(withApproval)
  return { ...draft, actions }
}

function withApproval(action: Action): Action {
  if (action.id !== FORGETS) return action
  const message = 'the source is given up: nothing remembers any more what belt made and changed there'
  return { ...action, hazards: [...action.hazards, { code: 'source-gone', message, approval: true }] }
}

/** In words, what a source that comes back will still have. */
export function leftOnSource(context: MigrationContext, actions: readonly Action[]): readonly Diagnostic[] {
  const { inspection, names, spec, target } = context
  if (inspection.gone === undefined || actions.length === 0) return []
  const identities = (target.records ?? []).filter(
    (r) => r.lineage === names.lineage && r.action.startsWith('replica-identity.target.'),
  )
  const closed =
    spec.stage === 'finalized' ? [`its fence (${spec.cutover.fence}): the database is closed to applications`] : []
  const left = [
    ...(spec.reverse.enabled ? [`subscription ${names.reverse.subscription}`] : []),
    `publication and slot ${names.forward.publication}`,
    `schema belt with its records`,
    `role ${spec.roles.replication.name} and its grants, if belt made them`,
    ...(identities.length === 0 ? [] : ['REPLICA IDENTITY FULL of its keyless tables']),
    ...closed,
  ]
  return [
    {
      severity: 'warning',
      code: 'left-on-source',
      side: 'source',
      message: `the source is given up as it is; if it ever starts again, it may still have: ${left.join('; ')}`,
      fix: 'Should it come back: take `gone` out of the spec, and belt plan takes all of that away.',
    },
  ]
}
