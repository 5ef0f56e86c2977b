import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { streamCauses } from '../../migration/streams/causes.js'
import { standingOf, streamFrom } from '../../migration/streams/stream.js'
import type { Obstacle, Resynced } from '../resynced.js'

/**
 * A worker passes over a table only once it has looked at its tables, and it may apply the first transaction before that
 * (seen: a worker that fails at a row of it got past at the 2nd, 3rd and 9th start). So one that fails is no ground to begin.
 */
export function obstaclesToResync(context: MigrationContext, tables: readonly Resynced[]): readonly Obstacle[] {
  const subscription = context.target.subscriptionByName(context.names.forward.subscription)
  const stream = streamFrom(context, 'source')
  // It fails because of them, and they are made first.
  const explained = tables.some((t) => t.missing)
  const begun = tables.every((t) => context.target.recordOf(context.names.lineage, t.begun) !== undefined)
  const mayTry = begun && stream !== undefined && streamCauses(context, stream).every((c) => !c.proven)
  if (subscription !== undefined && !runs(context) && !explained && !mayTry) {
    const how = subscription.enabled ? 'fails' : 'is disabled'
    return [
      {
        message: `subscription ${subscription.name} ${how}, and pglogical passes over a table only while its worker runs`,
        fix: 'Mend what stops it (belt status) and let it stream; or copy everything again: belt plan --restart.',
      },
    ]
  }
  return tables.flatMap(({ schema, name }): readonly Obstacle[] => {
    const there = subscription?.tables.find((t) => t.schema === schema && t.name === name)
    if (there === undefined || there.state === 'ready') return []
    const relation = quoteQualified(schema, name)
    return [
      {
        message: `${relation} is being copied (${there.state})`,
        fix: `Wait for it: belt plan. If it does not get on, belt status says why.`,
        subject: `table ${relation}`,
      },
    ]
  })
}

/** Its worker is there, or about to start. */
export function runs(context: MigrationContext): boolean {
  const stream = streamFrom(context, 'source')
  const standing = stream === undefined ? 'streaming' : standingOf(stream)
  return standing !== 'failing' && standing !== 'disabled'
}
