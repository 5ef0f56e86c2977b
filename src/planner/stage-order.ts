import type { Diagnostic } from '../core/diagnostic.js'
import type { MigrationContext } from '../migration/context.js'
import type { Stage } from '../spec/spec.js'

/** From where each stage can be asked for in one plan (rule 24), and what to say otherwise. */
const FROM: Readonly<Record<Stage, readonly Stage[]>> = {
  absent: ['absent', 'prepared', 'replicating', 'rolled-back', 'finalized'],
  prepared: ['absent', 'prepared'],
  replicating: ['absent', 'prepared', 'replicating', 'rolled-back'],
  cutover: ['replicating', 'cutover'],
  'rolled-back': ['cutover', 'rolled-back'],
  finalized: ['cutover', 'finalized'],
}

const OVER = 'The migration is over. Go to absent first, which forgets it; what comes then is a new one.'

const THROUGH: Readonly<Partial<Record<`${Stage} ${Stage}`, string>>> = {
  'cutover absent': 'The target serves. Go to rolled-back first (the source serves again), or to finalized.',
  'cutover replicating': 'Go to rolled-back first: it brings everything written on the target back to the source.',
  'cutover prepared': 'Go to rolled-back first, then to absent.',
  'rolled-back cutover': 'Go to replicating first: it proves that the target is whole before it serves again.',
  'rolled-back finalized': 'The source serves again. Go to absent to take everything away.',
  'rolled-back prepared': 'Go to absent first.',
  'replicating prepared': 'Go to absent first: it takes replication away and leaves the rows.',
  'replicating rolled-back': 'There is nothing to roll back: the source serves.',
  'replicating finalized': 'Go to cutover first.',
  'absent rolled-back': 'There is nothing to roll back: the source serves.',
  'absent finalized': 'Go to replicating first, then to cutover.',
  'prepared finalized': 'Go to replicating first, then to cutover.',
  'prepared rolled-back': 'There is nothing to roll back: the source serves.',
  'finalized prepared': OVER,
  'finalized replicating': OVER,
  'finalized cutover': OVER,
  'finalized rolled-back': OVER,
}

/** A stage that does not follow from where the databases are is refused with the way there. */
export function refuseOrder(context: MigrationContext, from: Stage): Diagnostic | undefined {
  const { spec, target, names } = context
  const wanted = spec.stage
  const at = spec.positions['stage']
  const place = at === undefined ? {} : { at }
  const streams = target.subscriptionByName(names.forward.subscription) !== undefined
  const here = streams && from === 'prepared' && wanted !== 'replicating' && wanted !== 'absent' ? 'replicating' : from
  const settled = wanted !== 'cutover' || from !== 'prepared'
  if (FROM[wanted].includes(here) && settled) {
    if (wanted !== 'rolled-back' || spec.reverse.enabled) return undefined
    return {
      severity: 'error',
      code: 'no-way-back',
      message:
        'reverse: { enabled: false } leaves no way back: nothing written on the target after cutover is on the source',
      fix: 'Move it back as a migration of its own, from the target to the source.',
      ...place,
    }
  }
  return {
    severity: 'error',
    code: 'stage-order',
    message: `stage ${wanted} cannot be reached from ${here} in one plan`,
    fix:
      (streams && !settled ? UNSETTLED : undefined) ??
      (isForgotten(context, here) ? FORGOTTEN : THROUGH[`${here} ${wanted}`]) ??
      `Go to ${NEXT[wanted]} first.`,
    ...place,
  }
}

/** A finalized migration has left nothing on the servers: without its state it looks as if it had never been. */
function isForgotten({ spec, state }: MigrationContext, here: Stage): boolean {
  return spec.stage === 'finalized' && here === 'absent' && state === undefined
}

const FORGOTTEN =
  'Go to replicating first, then to cutover. If this migration was finalized and its state is lost, nothing is left to do: set stage: absent, or bring the state back (belt state path, push or pull).'

const UNSETTLED =
  'Set stage: replicating and apply first: the copy, its statistics or the comparison of its rows is not proven, or no state says so.'

const NEXT: Readonly<Record<Stage, Stage>> = {
  absent: 'rolled-back',
  prepared: 'absent',
  replicating: 'prepared',
  cutover: 'replicating',
  'rolled-back': 'cutover',
  finalized: 'cutover',
}
