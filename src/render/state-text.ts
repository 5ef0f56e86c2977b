import type { State } from '../state/state.js'
import { databaseText } from './plan/header-text.js'
import { count } from './text/quantity.js'
import type { Style } from './text/style.js'
import { oneLine, visible } from './text/visible.js'
import { hang } from './text/wrap.js'

/** What belt remembers of a migration, for a person; `--json` has all of it. */
export function stateText(state: State, style: Style, next: string): string {
  const records = Object.entries(state.actions)
  const of = (status: string): number => records.filter(([, r]) => r.status === status).length
  const open = records.filter(([, r]) => r.status !== 'done')
  const lines = [
    `${style.bold(visible(state.name))}  stage ${state.stage}, change ${state.serial}, lineage ${state.lineage}`,
    `  source  ${databaseText(state.source)}`,
    `  target  ${databaseText(state.target)}`,
    `  ${count(of('done'), 'action')} done, ${of('running')} begun, ${of('failed')} failed`,
    `  ${count(Object.keys(state.pairs).length, 'object')} recorded as a pair, ${count(Object.keys(state.marks).length, 'mark')}`,
    ...(state.run === undefined
      ? []
      : [`  last run ${visible(`${state.run.id} on ${state.run.host}, started ${state.run.startedAt}`)}`]),
    ...open.flatMap(([id, r]) =>
      hang(`  ${r.status.padEnd(7)} `, oneLine(`${id}${r.error === undefined ? '' : `: ${r.error}`}`), style.width),
    ),
    `Next: ${next}`,
  ]
  return `${lines.join('\n')}\n`
}
