import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { RefusedError, UsageError } from '../../core/error.js'
import { counted } from '../../core/counted.js'
import { didYouMean } from '../../core/nearest-words.js'
import type { Stage } from '../../spec/spec.js'
import { aheadOfPause } from './ahead.js'
import { isPart, PART_RULES, PARTS, type Part } from './parts.js'

export interface OnlyInput {
  /** Words of `--only`: parts, action ids, and ids with `*` for any run of characters. */
  readonly words: readonly string[]
  readonly stage: Stage
  /** Every action on the way to the stage, those that are done included. */
  readonly all: readonly Action[]
  /** What is left to do, in execution order; each waits only for others of these. */
  readonly left: readonly Action[]
}

/**
 * The actions that `--only` asks for, in execution order. None when they are done; never none because a word says
 * nothing.
 *
 * @throws UsageError `only-unknown`; RefusedError `only-elsewhere`, `only-in-pause`, `only-waits`
 */
export function selectOnly(input: OnlyInput): readonly Action[] {
  const { words, left } = input
  const chosen = new Map<ActionId, Action>()
  for (const word of words) {
    for (const action of isPart(word) ? ofPart(word, input) : named(word, input)) chosen.set(action.id, action)
  }
  const whole = left.every((a) => chosen.has(a.id))
  if (!whole) refuseInsidePause([...chosen.values()])
  refuseWaiting([...chosen.values()], left)
  const order = new Map(left.map((a, index) => [a.id, index]))
  const place = (a: Action): number => order.get(a.id) ?? left.length
  return [...chosen.values()].sort((a, b) => place(a) - place(b))
}

function ofPart(part: Part, { stage, all, left }: OnlyInput): readonly Action[] {
  const { holds, stages, elsewhere } = PART_RULES[part]
  if (!stages.includes(stage)) {
    throw new RefusedError('only-elsewhere', `--only ${part}: there is nothing of this on the way to ${stage}`, {
      hint: elsewhere,
    })
  }
  const found = left.filter(holds)
  const chosen = found.flatMap((a) => aheadOfPause(a) ?? [])
  if (chosen.length === 0 && found.length > 0) {
    throw inPause(found)
  }
  // Indexes and constraints that stand are drafted no more; of the others there is always something, done or not.
  if (!all.some(holds) && part !== 'indexes' && part !== 'constraints') {
    throw new RefusedError(
      'only-elsewhere',
      `--only ${part}: from where the databases are there is nothing of this to do`,
      {
        hint: elsewhere,
      },
    )
  }
  return chosen
}

function named(word: string, { all, left }: OnlyInput): readonly Action[] {
  const known = new Set([...all, ...left].map((a) => a.id))
  const matches = patternOf(word)
  const found = [...known].filter((id) => matches(id))
  if (found.length === 0) {
    throw new UsageError(
      'only-unknown',
      `--only ${word}: no action on the way is called so${didYouMean(word, [...PARTS, ...known])}`,
      { hint: `Give one of ${PARTS.join(', ')}, or an id as belt plan shows it; * stands for any run of characters.` },
    )
  }
  const wanted = new Set(found)
  return left.filter((a) => wanted.has(a.id))
}

function patternOf(word: string): (id: string) => boolean {
  if (!word.includes('*')) return (id) => id === word
  const pieces = word.split('*').map((piece) => piece.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  const pattern = new RegExp(`^${pieces.join('[^]*')}$`)
  return (id) => pattern.test(id)
}

/** The pause is one whole: with a clock, and with a way back that takes all of it back. */
function refuseInsidePause(chosen: readonly Action[]): void {
  const inside = chosen.filter((a) => a.phase === 'pause')
  if (inside.length > 0) throw inPause(inside)
}

function inPause(inside: readonly Action[]): RefusedError {
  const verb = inside.length === 1 ? 'belongs' : 'belong'
  return new RefusedError(
    'only-in-pause',
    `${listed(inside)} ${verb} to the write pause, which is done whole or not at all`,
    {
      hint: 'Plan the whole stage: leave --only out.',
    },
  )
}

/** What is chosen may wait only for what is chosen too, or done. */
function refuseWaiting(chosen: readonly Action[], left: readonly Action[]): void {
  const ids = new Set(chosen.map((a) => a.id))
  const stillThere = new Set(left.map((a) => a.id))
  const missing = new Set<ActionId>()
  const lines: string[] = []
  for (const action of chosen) {
    const open = action.after.filter((id) => stillThere.has(id) && !ids.has(id))
    if (open.length === 0) continue
    for (const id of open) missing.add(id)
    if (lines.length < 5) lines.push(`  ${action.id} waits for ${shortList(open)}`)
  }
  if (missing.size === 0) return
  throw new RefusedError(
    'only-waits',
    [
      `what is selected waits for ${counted(missing.size, 'action')} that ${missing.size === 1 ? 'is' : 'are'} neither done nor selected:`,
      ...lines,
    ].join('\n'),
    {
      hint: `Select them too, or do them first: --only ${[...missing].slice(0, 3).join(' --only ')}${missing.size > 3 ? ' …' : ''}`,
    },
  )
}

function listed(actions: readonly Action[]): string {
  return shortList(actions.map((a) => a.id))
}

function shortList(ids: readonly string[]): string {
  const more = ids.length - 3
  return ids.slice(0, 3).join(', ') + (more > 0 ? ` and ${String(more)} more` : '')
}
