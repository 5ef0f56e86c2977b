import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { databaseText } from '../plan/header-text.js'
import { bytes, count, listing } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { oneLine, visible } from '../text/visible.js'
import type { PartialStatus, Reached, SideSeen } from './partial-status.js'
import { pauseRows, rowText, runText, stateText, verifiedRows, type Row } from './status-rows.js'

/** What is known of a migration while a server cannot be reached, for a person. */
export function partialText(status: PartialStatus, style: Style, next: string): string {
  const { recordedStage, wanted, state } = status
  const stage = recordedStage === undefined ? 'stage not known' : `stage ${recordedStage} by its state`
  const goal = recordedStage === wanted ? '' : `; the spec asks for ${wanted}`
  const rows: readonly Row[] = [
    ...SIDES.map((side): Row => [side, sideText(status[side])]),
    ...SIDES.flatMap((side) => repliesOf(side, status[side])),
    // Of a state that cannot be read nobody knows whether there was one.
    ...(state.error === undefined ? [['last run', runText(status)] as Row] : []),
    ...(status.verifications.length === 0 ? [] : verifiedRows(status)),
    ...pauseRows(status),
    ...(status.holder === undefined ? [] : [['lock', `held by ${visible(status.holder)}`] as Row]),
    ['state', state.error === undefined ? visible(stateText(state)) : oneLine(`cannot be read: ${state.error}`)],
    ...status.failed.map((f): Row => ['failed', oneLine(`${f.action}: ${f.error}`)]),
  ]
  const silent = SIDES.filter((side) => !status[side].reached)
  const lines = [
    `${style.bold(visible(status.name))}  ${stage}${goal}`,
    ...rows.flatMap((row) => rowText(row, style)),
    '',
    style.severity.error(`The ${listing(silent)} could not be looked at: what stands above is only a part.`),
    `Next: ${next}`,
  ]
  return `${lines.join('\n')}\n`
}

function sideText(seen: SideSeen): string {
  if (!seen.reached) {
    const { host, port, database, message } = seen
    return oneLine(`${database} on ${host.includes(':') ? `[${host}]` : host}:${String(port)} NOT REACHED: ${message}`)
  }
  const { server, applications, serves } = seen
  const access = applications === undefined ? [] : [`belt’s records there: applications are ${applications}`]
  const opened = serves === undefined ? [] : [`the ${serves} serves`]
  const said = [...access, ...opened]
  return `${databaseText(server)}${said.length === 0 ? '' : ` (${said.join(', ')})`}`
}

/** What stands there of replication, by the one end that can be seen. */
function repliesOf(side: Side, seen: SideSeen): readonly Row[] {
  if (!seen.reached) return []
  return [...seen.subscriptions.map((s) => subscriptionRow(side, s)), ...seen.slots.map((s) => slotRow(side, s))]
}

function subscriptionRow(side: Side, { name, enabled, running, tables }: Reached['subscriptions'][number]): Row {
  const how = !enabled ? 'disabled' : running ? 'its worker runs' : 'no worker runs'
  const states = Object.entries(tables).map(([state, n]) => `${count(n, 'table')} ${state}`)
  return [
    'replication',
    visible(`${side}: subscription ${name}, ${how}${states.length === 0 ? '' : `, ${listing(states)}`}`),
  ]
}

function slotRow(side: Side, { name, active, retainedBytes, walStatus }: Reached['slots'][number]): Row {
  const wal = walStatus === undefined || walStatus === 'reserved' ? '' : `, ${walStatus}`
  const read = active ? 'somebody reads it' : 'nobody reads it'
  return ['replication', visible(`${side}: slot ${name} keeps ${bytes(retainedBytes)} of log, ${read}${wal}`)]
}
