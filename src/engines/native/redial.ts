import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { numberedRecord } from '../../migration/numbered-record.js'
import { recordSql } from '../../migration/record-sql.js'
import { conninfo, REPLICATION_PASSWORD } from '../conninfo.js'

/** Its worker ends and starts anew with it; nothing is copied again. */
export function redialNative(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Ensure[] {
  const { names } = context
  const subscriber = otherSide(publisher)
  const { subscription } = publishedFrom(publisher, names)
  const name = quoteIdent(subscription)
  const id = actionId('redial', subscriber)
  const record = numberedRecord(context, subscriber, id)
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id,
      side: subscriber,
      phase: 'access',
      operation: 'repair',
      title: `subscription ${name} gets the address and password of the spec`,
      sql: [
        `alter subscription ${name} connection '${conninfo(context, publisher)}'`,
        recordSql(names.lineage, record, `connection of ${subscription}`, null),
      ],
      after,
      secrets: [REPLICATION_PASSWORD],
      specPath: `${publisher}.reachable_at`,
      wants: [{ is: 'record', lineage: names.lineage, action: record, there: true }],
    },
  ]
}
