import type { ActionId } from '../../actions/base.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Draft } from '../../migration/draft.js'
import { awaitCopyAction, copyEstimate } from '../await-copy.js'
import { COPIED_ID } from '../ids.js'
import { publicationActions } from './publication.js'
import { publishedTables } from '../published-tables.js'
import { identityAction } from './replica-identity.js'
import { slotAction } from './slot.js'
import { refreshActions, subscriptionAction } from './subscription.js'

/** Identity of keyless tables, publication, slot, subscription, and the wait for the subscription's own copy. */
export function planNativeReplication(context: MigrationContext, after: readonly ActionId[]): Draft {
  const identities = context.scope.tables
    .filter((t) => t.route === 'replicate-full')
    .flatMap((t) => [identityAction(context, t, 'target', after), identityAction(context, t, 'source', after)])
  const tables = publishedTables(context)
  return {
    actions: [
      ...identities,
      ...publicationActions(context, 'source', [...after, ...identities.map((a) => a.id)]),
      slotAction(context, 'source'),
      subscriptionAction(context),
      ...refreshActions(context, tables),
      awaitCopyAction(context, tables),
    ],
    estimates: { [COPIED_ID]: copyEstimate(context) },
  }
}
