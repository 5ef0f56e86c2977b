import { fenceId } from '../../../../src/migration/fence-record.js'
import { MINIMAL } from '../../spec/load-text.js'
import { slot, subscription } from './catalog.js'
import type { Situation } from './planned.js'
import { STREAMING_STATE } from './troubles/state.js'
import { NAMES } from './troubles/trouble.js'

const CLOSED = { lineage: NAMES.lineage, action: fenceId('target'), object: 'database acl', before: null, at: '' }

/** Both sides at `replicating`, with what must be there for a cutover to be planned. */
export function readyForCutover({
  source,
  target,
  lines = [],
  streamed,
  ...more
}: Situation & { readonly streamed: readonly string[] }): Situation {
  const tables = streamed.map((name) => ({ schema: 'public', name, state: 'ready' as const }))
  return {
    spec: `${MINIMAL.replace('stage: replicating', 'stage: cutover')}${lines.join('\n')}\n`,
    source: { ...source, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
    target: { records: [CLOSED], ...target, subscriptions: [subscription(NAMES.forward.subscription, tables)] },
    state: {
      ...STREAMING_STATE,
      marks: Object.fromEntries(
        streamed.map((name) => [`verified table public.${name}`, { at: '2026-11-01T00:00:00Z' }]),
      ),
    },
    ...more,
  }
}
