import type { ApplyEvent } from '../apply/apply-event.js'
import { eventJson } from '../render/progress/event-json.js'
import { eventText } from '../render/progress/event-text.js'
import { liveLines } from '../render/progress/live-lines.js'
import { follow, NO_PROGRESS, type Progress } from '../render/progress/progress.js'
import { duration } from '../render/text/quantity.js'
import { visible } from '../render/text/visible.js'
import type { CliContext } from './context.js'
import { openLiveScreen } from './live-screen.js'

/** Shows the events of an apply. */
export interface ApplyProgress {
  readonly show: (event: ApplyEvent) => void
  /** Writes a line about the run itself, wherever progress goes. */
  readonly say: (line: string) => void
  readonly end: () => void
}

/** NDJSON on stdout with `json`; live on a terminal; one line an event otherwise. */
export function applyProgress(context: CliContext, json: boolean): ApplyProgress {
  if (json) {
    return {
      show: (event) => context.out.write(eventJson(event)),
      say: (line) => context.err.write(`${line}\n`),
      end: () => undefined,
    }
  }
  return context.err.live ? liveProgress(context) : plainProgress(context)
}

function plainProgress({ err }: CliContext): ApplyProgress {
  let progress = NO_PROGRESS
  return {
    show: (event) => {
      const text = eventText(event, progress)
      if (text !== undefined) err.write(`${event.at.slice(11, 19)} ${text}\n`)
      progress = follow(progress, event)
    },
    say: (line) => err.write(`${line}\n`),
    end: () => undefined,
  }
}

/** More actions than this and only those that took a while leave a line behind. */
const KEPT_AT_MOST = 200
const A_WHILE_MS = 1000

function liveProgress({ err, errStyle }: CliContext): ApplyProgress {
  let progress = NO_PROGRESS
  const screen = openLiveScreen(err, () => liveLines(progress, Date.now(), errStyle))
  return {
    show: (event) => {
      const before = progress
      progress = follow(progress, event)
      const line = keptLine(event, before)
      if (line !== undefined)
        screen.keep(
          line.replace(/^[✓✗]/, (mark) => (mark === '✓' ? errStyle.good(mark) : errStyle.severity.error(mark))),
        )
    },
    say: (line) => screen.keep(line),
    end: () => screen.end(),
  }
}

/** What stays on the screen of an event that has passed. */
function keptLine(event: ApplyEvent, before: Progress): string | undefined {
  switch (event.type) {
    case 'action-done': {
      if (before.of > KEPT_AT_MOST && event.ms < A_WHILE_MS) return undefined
      return `✓ ${nameOf(event.action, before)}  ${duration(event.ms / 1000)}`
    }
    case 'action-failed':
      return `✗ ${nameOf(event.action, before)}: ${visible(event.message)}`
    case 'started':
    case 'checked':
    case 'notice':
    case 'lock-waiting':
    case 'orphans-waiting':
    case 'pause':
      return eventText(event, before)
    case 'action-retried':
      return eventText(event, before)
    case 'inspecting':
    case 'action-started':
    case 'action-skipped':
    case 'action-progress':
    case 'action-waiting':
    case 'finished':
      return undefined
  }
}

function nameOf(id: string, { running }: Progress): string {
  const found = running.find((r) => r.id === id)
  return found === undefined ? visible(id) : `${found.side}  ${visible(found.title)}`
}
