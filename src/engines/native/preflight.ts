import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { forwardNeeds, REVERSE_NEEDS } from '../needs.js'
import { checkPublisher } from '../preflight-publisher.js'
import { checkSubscriber } from './preflight-subscriber.js'

/** What native logical replication needs of the side that publishes and of the side that subscribes. */
export function preflightNative(context: MigrationContext, publisher: Side): readonly Diagnostic[] {
  const { source, target, names, inspection } = context
  if (publisher === 'target') {
    if (inspection.sameCluster) return []
    return [...checkPublisher(target, REVERSE_NEEDS, names), ...checkSubscriber(source, REVERSE_NEEDS, names)]
  }
  const needs = forwardNeeds(context)
  return [
    ...[source, target].flatMap(inRecovery),
    ...checkPublisher(source, needs, names),
    ...checkSubscriber(target, needs, names),
  ]
}

export function inRecovery({ side, server }: IndexedCatalog): readonly Diagnostic[] {
  if (!server.inRecovery) return []
  return [
    {
      severity: 'error',
      code: 'in-recovery',
      side,
      message: `the ${side} is a standby; schemas, roles and replication can only be made on its primary`,
      fix: `Point ${side}.host and ${side}.port at the primary.`,
    },
  ]
}
