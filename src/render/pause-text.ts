import { betweenActions } from '../state/pause-mark.js'
import type { PauseEvidence } from '../state/pause-mark.js'
import { count, digits, duration } from './text/quantity.js'

const NAMED = 8

/** `applications could not write for 0.6 s`, and what took the time, the longest first. */
export function pauseText(pause: PauseEvidence): readonly string[] {
  const end = pause.outcome === 'opened' ? '' : ', then it was given up'
  return [`applications could not write for ${exact(pause.ms)}${end}`, breakdownText(pause)]
}

/** `quiet.source 210 ms, drain.source 84 ms, 12 more 40 ms, between them 31 ms`. */
export function breakdownText(pause: PauseEvidence): string {
  const longest = [...pause.actions].sort((a, b) => b.ms - a.ms)
  const rest = longest.slice(NAMED)
  const between = betweenActions(pause)
  return [
    ...longest.slice(0, NAMED).map((a) => `${a.action} ${exact(a.ms)}`),
    ...(rest.length === 0
      ? []
      : [`${count(rest.length, 'other')} ${exact(rest.reduce((sum, a) => sum + a.ms, 0))} together`]),
    `between them ${exact(between)}`,
  ].join(', ')
}

function exact(ms: number): string {
  return ms < 10_000 ? `${digits(ms)} ms` : duration(ms / 1000)
}
