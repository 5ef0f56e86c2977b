import type { ApplyResult } from '../apply/apply-input.js'
import type { Plan } from '../plan/plan.js'
import type { PauseEvidence } from '../state/pause-mark.js'
import { pauseText } from './pause-text.js'
import { count, digits, duration, listing } from './text/quantity.js'
import type { Style } from './text/style.js'
import { visible } from './text/visible.js'
import { wrap } from './text/wrap.js'

export interface ApplyResultOptions {
  readonly seconds: number
  /** `-f shop.yaml` as the user gave it, for the next command. */
  readonly specFlags: string
  readonly style: Style
}

/** What an apply that went through has reached. */
export function applyResultText(
  plan: Plan,
  result: ApplyResult,
  { seconds, specFlags, style }: ApplyResultOptions,
): string {
  const { counts, stage, left, pause } = result
  const paused = pause === undefined ? '' : `${pauseLines(pause, style.width).join('\n')}\n`
  const before = counts.skipped === 0 ? '' : ` (${digits(counts.skipped)} done before)`
  const work = `${count(counts.done, 'action')} done${before} in ${duration(seconds)}`
  if (stage !== undefined) {
    return `${style.good(`${visible(plan.name)} is at stage ${stage}`)}: ${work}.\n${paused}Next: belt status${specFlags}\n`
  }
  if (result.selected === true) {
    const others = count(left.actions.length, 'action')
    return `${style.good('What was selected is done')}: ${work}. On the way to ${plan.to}: ${others} left.\nNext: belt plan${specFlags}\n`
  }
  const titles = left.actions.slice(0, 5).map((a) => visible(a.title))
  const more = left.actions.length - titles.length
  const errors = left.diagnostics.filter((d) => d.severity === 'error').map((d) => visible(d.message))
  const rest = [...titles, ...(more > 0 ? [`${more} more`] : []), ...errors]
  return `${work}, but meanwhile something has changed; still to do: ${listing(rest)}.\n${paused}Next: belt plan${specFlags}\n`
}

function pauseLines(pause: PauseEvidence, width: number): readonly string[] {
  const [first = '', ...rest] = pauseText(pause)
  const sentence = `${first.slice(0, 1).toUpperCase()}${first.slice(1)}:`
  return [sentence, ...rest.flatMap((line) => wrap(line, width - 2)).map((line) => `  ${visible(line)}`)]
}
