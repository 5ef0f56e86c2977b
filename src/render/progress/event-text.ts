import type { ApplyEvent } from '../../apply/apply-event.js'
import { pauseText } from '../pause-text.js'
import { bytes, count, digits, duration } from '../text/quantity.js'
import { visible } from '../text/visible.js'
import type { Progress, ProgressOf, WaitingOf } from './progress.js'

const A_WHILE_MS = 1000

/**
 * One event as one line of a log, or nothing when it has no news for a reader. `before` is the progress before it:
 * events name actions by id, a reader knows them by title.
 */
export function eventText(event: ApplyEvent, before: Progress): string | undefined {
  const text = describe(event, before)
  return text === undefined ? undefined : visible(text)
}

function describe(event: ApplyEvent, before: Progress): string | undefined {
  switch (event.type) {
    case 'started':
      return `run ${event.run} of ${event.migration} to ${event.to}: ${count(event.actions, 'action')}`
    case 'lock-waiting':
      return `waiting for another run: ${event.holder}`
    case 'orphans-waiting':
      return `waiting on the ${event.side} for what an earlier run left running: ${event.orphans.map((o) => o.text).join('; ')}`
    case 'inspecting':
      return event.why === 'before' ? 'reading both databases' : 'reading both databases again'
    case 'checked':
      return checkedText(event)
    case 'notice':
      return event.message
    case 'action-started':
      return `[${event.number}/${event.of}] ${event.side} ${event.title}${event.repairs ? ': there but unusable, making it anew' : ''}`
    case 'action-skipped':
      return undefined
    case 'action-progress':
      return `${placeOf(event.action, before)}: ${progressText(event)}`
    case 'action-waiting':
    case 'action-retried':
      return `${placeOf(event.action, before)}: ${waitingText(event)}`
    case 'action-done':
      // A log of thousands of quick actions needs no second line for each.
      return event.ms < A_WHILE_MS
        ? undefined
        : `${placeOf(event.action, before)}: done in ${duration(event.ms / 1000)}`
    case 'action-failed':
      return `${placeOf(event.action, before)}: failed: ${event.message.replaceAll(/\s*\n\s*/g, ' ')} (${event.code})`
    case 'pause': {
      const [said = '', took = ''] = pauseText(event)
      // Of a handover that went through, what took the time stands in the last lines of the apply.
      return event.outcome === 'opened' ? `the pause is over: ${said}` : `${said}: ${took}`
    }
    case 'finished':
      return undefined
  }
}

function checkedText({ pending, done, repairs, resumed }: Extract<ApplyEvent, { type: 'checked' }>): string {
  const before = done === 0 ? '' : `, ${digits(done)} done before`
  const mend = repairs === 0 ? '' : `, ${count(repairs, 'to repair', 'to repair')}`
  return `${resumed ? 'going on' : 'the plan still fits'}: ${digits(pending)} to do${before}${mend}`
}

function placeOf(id: string, { running, of }: Progress): string {
  const found = running.find((r) => r.id === id)
  return found === undefined ? id : `[${found.number}/${of}] ${found.side} ${found.title}`
}

/** `45%, 1.2 GB of 2.7 GB, about 40 s left; 3 of 12 tables ready`. */
export function progressText({ unit, done, total, etaSeconds, detail }: ProgressOf): string {
  const amount = (n: number): string => (unit === 'bytes' ? bytes(n) : digits(n))
  const noun = unit === 'bytes' ? '' : ` ${unit}`
  const share =
    total > 0 ? [`${Math.floor(Math.min(1, done / total) * 100)}%`, `${amount(done)} of ${amount(total)}${noun}`] : []
  const eta = etaSeconds === undefined ? [] : [`about ${duration(etaSeconds)} left`]
  const parts = [...share, ...eta].join(', ')
  return [parts, detail].filter((text) => text !== '').join('; ')
}

/** Why an action does not get on, and who is in its way. */
export function waitingText(event: WaitingOf): string {
  const blockers = event.blockers.map((b) => b.text)
  if (event.type === 'action-retried') {
    return [`try ${event.attempt + 1} in ${duration(event.waitMs / 1000)}: ${event.because}`, ...blockers].join('; ')
  }
  return [`waiting for ${duration(event.waitedMs / 1000)}`, ...event.reasons, ...blockers].join('; ')
}
