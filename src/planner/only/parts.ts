import type { Action } from '../../actions/action.js'
import type { Stage } from '../../spec/spec.js'

/** Parts of a migration that have a name of their own in `--only`. */
export const PARTS = ['sequences', 'keyless', 'constraints', 'indexes', 'verify', 'analyze'] as const
export type Part = (typeof PARTS)[number]

interface PartRule {
  readonly holds: (action: Action) => boolean
  /** The stages on whose way the part is done. */
  readonly stages: readonly Stage[]
  /** Said when it is asked for on the way to another stage. */
  readonly elsewhere: string
}

const BUILT = 'That is done on the way to replicating.'

export const PART_RULES: Readonly<Record<Part, PartRule>> = {
  sequences: {
    holds: (a) => a.kind === 'set-sequences',
    stages: ['cutover', 'rolled-back'],
    elsewhere:
      'Sequences are set on the way to cutover: with stage: cutover, --only sequences sets them ahead of the pause.',
  },
  keyless: {
    holds: (a) => a.kind === 'set-replica-identity' || a.kind === 'copy-rows',
    stages: ['replicating', 'cutover'],
    elsewhere:
      'Keyless tables are made to stream on the way to replicating; those with copy_at_cutover are copied on the way to cutover.',
  },
  constraints: {
    holds: (a) => a.kind === 'validate-constraint' || makes(a, 'constraint '),
    stages: ['replicating', 'cutover'],
    elsewhere: 'Constraints are made on the way to replicating, those that are NOT VALID on the way to cutover.',
  },
  indexes: {
    holds: (a) => a.kind === 'create-index' || makes(a, 'index attach '),
    stages: ['replicating'],
    elsewhere: BUILT,
  },
  verify: {
    holds: (a) => ['await-lag', 'compare-rows', 'try-dial', 'verify-rows'].includes(a.kind),
    stages: ['replicating', 'cutover', 'rolled-back'],
    elsewhere: 'To compare every row at any time: belt verify',
  },
  analyze: { holds: (a) => a.kind === 'analyze-tables', stages: ['replicating'], elsewhere: BUILT },
}

export function isPart(word: string): word is Part {
  return (PARTS as readonly string[]).includes(word)
}

/** Whether the first object it makes is of the kind: what else it makes hangs on that. */
function makes(action: Action, kind: string): boolean {
  return action.kind === 'create-object' && action.makes[0]?.startsWith(kind) === true
}
