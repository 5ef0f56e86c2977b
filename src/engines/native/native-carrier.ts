import { quoteIdent } from '../../core/quote.js'
import { brokenStream } from '../broken.js'
import type { Carrier } from '../carrier.js'
import { drainByMarker } from '../drain.js'
import { settle } from '../settle.js'
import { tryDial, tryDialBefore } from '../try-dial.js'
import { beginNative, goOnNative, prepareNativeReturn } from './handover.js'
import { retireNative, startNative, stopNative } from './handover.js'
import { COPIED_ID } from '../ids.js'
import { preflightNative } from './preflight.js'
import { resyncNative } from './resync.js'
import { redialNative } from './redial.js'
import { removeNative } from './remove.js'
import { planNativeReplication } from './replicate.js'

/** Postgres' own logical replication: publication, slot and subscription, 12 to 18 in both directions. */
export const nativeCarrier: Carrier = {
  preflight: preflightNative,
  broken: (context, publisher) => brokenStream(context, publisher, 'pgoutput'),
  replicate: planNativeReplication,
  copied: COPIED_ID,
  resync: { take: resyncNative, obstacles: () => [], uncarried: () => [] },
  redial: redialNative,
  // It tries every few seconds.
  retry: () => [],
  settle: (context, after) => {
    const name = quoteIdent(context.names.forward.subscription)
    return settle(context, after, [`alter subscription ${name} disable`, `alter subscription ${name} enable`])
  },
  tryDial: (context, publisher, after) => [tryDial(context, publisher, after)],
  tryDialBefore: (context, handover) => [tryDialBefore(context, handover)],
  drain: drainByMarker,
  stop: stopNative,
  goOn: goOnNative,
  retire: retireNative,
  prepare: prepareNativeReturn,
  begin: beginNative,
  start: startNative,
  remove: removeNative,
  dismantle: () => [],
}
