import type { ApplyEvent } from '../../apply/apply-event.js'

/** One event as a line of `belt apply --json`; `v` changes when a field goes or means something else. */
export function eventJson(event: ApplyEvent): string {
  return `${JSON.stringify({ v: 1, ...event })}\n`
}
