import { bytes, digits, duration } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'
import { progressText, waitingText } from './event-text.js'
import type { Progress, ProgressOf, Running } from './progress.js'

const TABLES = 5
const BAR = 20

/** The part of the screen that is drawn again and again: what runs, how far it is, who is in the way. `now`: epoch milliseconds. */
export function liveLines(progress: Progress, now: number, style: Style): readonly string[] {
  const { running, ended, of, startedAt, doing } = progress
  const lines = running.flatMap((r) => runningLines(r, now, style))
  const elapsed = startedAt === undefined ? '' : `, ${duration(secondsSince(startedAt, now))}`
  const total = of === 0 ? [] : [`${digits(ended)} of ${digits(of)} done${elapsed}`]
  return [...lines, ...(doing === undefined ? [] : [visible(doing)]), ...total].map((line) => fit(line, style))
}

function runningLines(r: Running, now: number, style: Style): readonly string[] {
  const time = duration(secondsSince(r.startedAt, now))
  const { progress, waiting } = r
  return [
    `… ${r.side}  ${visible(r.title)}  ${time}`,
    ...(progress === undefined
      ? []
      : [`    ${bar(progress)}${visible(progressText(progress))}`, ...tableLines(progress)]),
    ...(waiting === undefined ? [] : [`    ${visible(waitingText(waiting))}`]),
  ].map((line) => fit(line, style))
}

function bar({ done, total }: ProgressOf): string {
  if (total <= 0) return ''
  const full = Math.round(Math.min(1, done / total) * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} `
}

function tableLines({ tables = [] }: ProgressOf): readonly string[] {
  const shown = tables.slice(0, TABLES).map((t) => {
    const part = t.bytes === undefined ? '' : bytes(t.bytes)
    const whole = t.totalBytes === undefined ? '' : ` of ${bytes(t.totalBytes)}`
    return `      ${visible(t.table)}  ${part}${whole}${t.rows === undefined ? '' : `, ${digits(t.rows)} rows`}`
  })
  return tables.length > TABLES ? [...shown, `      and ${tables.length - TABLES} more`] : shown
}

function secondsSince(iso: string, now: number): number {
  return Math.max(0, (now - Date.parse(iso)) / 1000)
}

/** A line that wrapped would be counted as one when the screen is drawn again. */
function fit(line: string, { width }: Style): string {
  const characters = [...line]
  return characters.length < width ? line : `${characters.slice(0, width - 2).join('')}…`
}
