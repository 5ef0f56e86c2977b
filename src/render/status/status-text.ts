import { diagnosticsText } from '../diagnostics-text.js'
import { pauseText } from '../pause-text.js'
import { databaseText } from '../plan/header-text.js'
import { bytes, count, digits, duration, listing } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { oneLine, visible } from '../text/visible.js'
import { wrap } from '../text/wrap.js'
import type { Side } from '../../core/side.js'
import type { ReplicationStatus, Status } from './status.js'

/** Where a migration is and how it does, for a person. */
export function statusText(status: Status, style: Style, next: string): string {
  const goal = status.stage === status.wanted ? '' : `; the spec asks for ${status.wanted}`
  const rows: readonly (readonly [string, string])[] = [
    ['source', `${databaseText(status.source)}${accessText(status, 'source')}`],
    ['target', `${databaseText(status.target)}${accessText(status, 'target')}`],
    ...(status.replication === undefined ? [['replication', 'none'] as const] : replicationRows(status.replication)),
    ['last run', runText(status)],
    ...verifiedRows(status),
    ...pauseRows(status),
    ...status.leftovers.map(({ side, what }) => ['left over', visible(`${side}: ${what}`)] as const),
    ['lock', status.holder === undefined ? 'free' : `held by ${visible(status.holder)}`],
    ['state', visible(stateText(status.state))],
  ]
  const lines = [
    `${style.bold(visible(status.name))}  stage ${status.stage}${goal}`,
    ...rows.flatMap(([label, text]) => row(label, text, style)),
    ...status.failed.flatMap((f) => row('failed', oneLine(`${f.action}: ${f.error}`), style)),
    ...(status.alarms.length === 0 ? [] : ['', style.bold('Alarms'), ...diagnosticsText(status.alarms, style)]),
    '',
    `Next: ${next}`,
  ]
  return `${lines.join('\n')}\n`
}

function row(label: string, text: string, style: Style): readonly string[] {
  return wrap(text, style.width - 15).map((line, i) => `  ${style.dim((i === 0 ? label : '').padEnd(12))} ${line}`)
}

/** Who lets applications in; nothing is said of a side that belt has not touched or no longer watches. */
function accessText({ targetFence, sourceFence, serving, stage }: Status, side: Side): string {
  const fence = side === 'target' ? targetFence : sourceFence
  if (serving === undefined) return ''
  if (stage === 'finalized') return side === 'target' ? ' (serves)' : ''
  if (fence === 'not belt’s yet') return ` (${fence})`
  if (fence === 'closed') return ' (closed to applications)'
  return side === serving ? ' (serves)' : ' (OPEN to applications)'
}

function replicationRows(r: ReplicationStatus): readonly (readonly [string, string])[] {
  const how = !r.enabled ? 'disabled' : r.failing ? 'failing' : r.running ? 'streaming' : 'down'
  const lag = r.lagBytes === undefined ? 'no slot' : `${bytes(r.lagBytes)} behind`
  const kept = r.retainedBytes === undefined ? '' : `, ${r.from} keeps ${bytes(r.retainedBytes)} of log`
  const wal = r.walStatus === undefined || r.walStatus === 'reserved' ? '' : `, slot ${r.walStatus}`
  const states = Object.entries(r.tables).map(([state, n]) => `${count(n, 'table')} ${state}`)
  const waiting = r.notReady.length === 0 ? '' : `: ${r.notReady.join(', ')}`
  return [
    ['replication', `${direction(r)}${how}, ${lag}${kept}${wal}`],
    ['tables', visible(`${listing(states)}${waiting}`)],
  ]
}

/** Said only when it is not the usual way. */
function direction({ from }: ReplicationStatus): string {
  return from === 'target' ? 'target to source, ' : ''
}

function runText({ run }: Status): string {
  if (run === undefined) return 'none'
  const end = run.finishedAt === undefined ? 'not finished: it runs, or it was killed' : `finished ${run.finishedAt}`
  return visible(`${run.id} on ${run.host}, started ${run.startedAt}, ${end}`)
}

function verifiedRows({ verifications }: Status): readonly (readonly [string, string])[] {
  if (verifications.length === 0) return [['verified', 'never']]
  return verifications.map(({ at, ageSeconds, evidence }) => {
    const { verdict, depth, patterns, tables, rows } = evidence
    const words = { equal: 'equal', different: 'DIFFERENT', unknown: 'could not tell' }
    const how = depth === 'full' ? 'every row' : `a sample of ${digits(depth.sample)} rows a table`
    const some = patterns.length === 0 ? '' : ` of ${patterns.join(', ')}`
    const size = `${count(tables, 'table')}, ${count(rows, 'row')}`
    return ['verified', visible(`${words[verdict]} ${duration(ageSeconds)} ago: ${how}${some}, ${size} (${at})`)]
  })
}

function pauseRows({ pauses, pausing }: Status): readonly (readonly [string, string])[] {
  const now =
    pausing === undefined
      ? []
      : [
          [
            'pause',
            `under way for ${duration(pausing.seconds)} (since ${pausing.since}): both sides are closed`,
          ] as const,
        ]
  const last = pauses.map((pause): readonly [string, string] => {
    const [said = '', took = ''] = pauseText(pause)
    return ['pause', visible(`${pause.handover} ${duration(pause.ageSeconds)} ago: ${said}; ${took}`)]
  })
  return [...now, ...last]
}

function stateText({ location, serial }: Status['state']): string {
  return serial === undefined ? `${location} (not there yet)` : `${location}, change ${serial}`
}
