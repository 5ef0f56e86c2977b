import { SIDES } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { Carrier } from './carrier.js'
import type { Engine } from './engine.js'

/** An engine out of what carries changes from the source and what carries them from the target. */
export function compose(from: Readonly<Record<Side, Carrier>>): Engine {
  const forward = from.source
  const takeDown: Engine['takeDown'] = (context, after) =>
    SIDES.flatMap((publisher) => from[publisher].remove(context, publisher, after))
  return {
    preflight: (context) => {
      const publishers = context.spec.reverse.enabled ? SIDES : (['source'] as const)
      return publishers.flatMap((publisher) => from[publisher].preflight(context, publisher))
    },
    broken: (context, publisher) => from[publisher].broken(context, publisher),
    replicate: forward.replicate,
    copied: forward.copied,
    resync: forward.resync,
    retry: (context, publisher, after) => from[publisher].retry(context, publisher, after),
    redial: (context, publisher, after) => from[publisher].redial(context, publisher, after),
    settle: (context, after) => [
      ...(context.spec.reverse.enabled ? from.target.tryDial(context, 'target', after) : []),
      ...forward.settle(context, after),
    ],
    tryDial: (context, handover) =>
      context.spec.reverse.enabled ? from[handover.to].tryDialBefore(context, handover) : [],
    prepareReturn: (context, handover, after) =>
      context.spec.reverse.enabled ? from[handover.to].prepare(context, handover, after) : [],
    drain: (context, handover, after) => from[handover.from].drain(context, handover, after),
    turnAround: (context, handover, after) => {
      const off = from[handover.from].stop(context, handover, after)
      if (!context.spec.reverse.enabled) return off
      const stopped = off.map((a) => a.id)
      return [...off, ...from[handover.to].begin(context, handover, stopped)]
    },
    settleReturn: (context, handover, after) => {
      const on = context.spec.reverse.enabled ? from[handover.to].start(context, handover, after) : []
      return [...on, ...from[handover.from].retire(context, handover, after)]
    },
    goOn: (context, handover, after) => from[handover.from].goOn(context, handover, after),
    takeDown,
    remove: (context, after) => {
      const directions = takeDown(context, after)
      const ids = directions.map((a) => a.id)
      const shared = [...new Set([from.source, from.target])].flatMap((carrier) => carrier.dismantle(context, ids))
      return [...directions, ...shared]
    },
  }
}
