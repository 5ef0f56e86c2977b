import { diagnosticsText } from '../diagnostics-text.js'
import { databaseText } from '../plan/header-text.js'
import { bytes, count, listing } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { oneLine, visible } from '../text/visible.js'
import type { Side } from '../../core/side.js'
import type { ReplicationStatus, Status } from './status.js'
import { pauseRows, rowText, runText, stateText, verifiedRows, type Row } from './status-rows.js'

/** Where a migration is and how it does, for a person. */
export function statusText(status: Status, style: Style, next: string): string {
  const goal = status.stage === status.wanted ? '' : `; the spec asks for ${status.wanted}`
  const rows: readonly Row[] = [
    ['source', `${databaseText(status.source)}${accessText(status, 'source')}`],
    ['target', `${databaseText(status.target)}${accessText(status, 'target')}`],
    ...(status.replication === undefined ? [['replication', 'none'] as Row] : replicationRows(status.replication)),
    ['last run', runText(status)],
    ...verifiedRows(status),
    ...pauseRows(status),
    ...status.leftovers.map(({ side, what }) => ['left over', visible(`${side}: ${what}`)] as Row),
    ['lock', status.holder === undefined ? 'free' : `held by ${visible(status.holder)}`],
    ['state', visible(stateText(status.state))],
  ]
  const lines = [
    `${style.bold(visible(status.name))}  stage ${status.stage}${goal}`,
    ...rows.flatMap((row) => rowText(row, style)),
    ...status.failed.flatMap((f) => rowText(['failed', oneLine(`${f.action}: ${f.error}`)], style)),
    ...(status.alarms.length === 0 ? [] : ['', style.bold('Alarms'), ...diagnosticsText(status.alarms, style)]),
    '',
    `Next: ${next}`,
  ]
  return `${lines.join('\n')}\n`
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

function replicationRows(r: ReplicationStatus): readonly Row[] {
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
