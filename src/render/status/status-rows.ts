import { pauseText } from '../pause-text.js'
import { count, digits, duration } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'
import { wrap } from '../text/wrap.js'
import type { Status } from './status.js'

/** A label and what is to be said under it. */
export type Row = readonly [label: string, text: string]

export function rowText([label, text]: Row, style: Style): readonly string[] {
  return wrap(text, style.width - 15).map((line, i) => `  ${style.dim((i === 0 ? label : '').padEnd(12))} ${line}`)
}

export function runText({ run }: Pick<Status, 'run'>): string {
  if (run === undefined) return 'none'
  const end = run.finishedAt === undefined ? 'not finished: it runs, or it was killed' : `finished ${run.finishedAt}`
  return visible(`${run.id} on ${run.host}, started ${run.startedAt}, ${end}`)
}

export function verifiedRows({ verifications }: Pick<Status, 'verifications'>): readonly Row[] {
  if (verifications.length === 0) return [['verified', 'never']]
  return verifications.map(({ at, ageSeconds, evidence }): Row => {
    const { verdict, depth, patterns, tables, rows } = evidence
    const words = { equal: 'equal', different: 'DIFFERENT', unknown: 'could not tell' }
    const how = depth === 'full' ? 'every row' : `a sample of ${digits(depth.sample)} rows a table`
    const some = patterns.length === 0 ? '' : ` of ${patterns.join(', ')}`
    const size = `${count(tables, 'table')}, ${count(rows, 'row')}`
    return ['verified', visible(`${words[verdict]} ${duration(ageSeconds)} ago: ${how}${some}, ${size} (${at})`)]
  })
}

export function pauseRows({ pauses, pausing }: Pick<Status, 'pauses' | 'pausing'>): readonly Row[] {
  const now: readonly Row[] =
    pausing === undefined
      ? []
      : [['pause', `under way for ${duration(pausing.seconds)} (since ${pausing.since}): both sides are closed`]]
  const last = pauses.map((pause): Row => {
    const [said = '', took = ''] = pauseText(pause)
    return ['pause', visible(`${pause.handover} ${duration(pause.ageSeconds)} ago: ${said}; ${took}`)]
  })
  return [...now, ...last]
}

export function stateText({ location, serial }: Status['state']): string {
  return serial === undefined ? `${location} (not there yet)` : `${location}, change ${serial}`
}
