import { actionId } from '../../actions/base.js'
import type { ActionId, SecretUse } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { numberedRecord } from '../../migration/numbered-record.js'
import { recordSql } from '../../migration/record-sql.js'
import { conninfo, REPLICATION_PASSWORD } from '../conninfo.js'
import { localDsn } from './node.js'
import { pluginId } from './output-plugin.js'
import { disableSql, enableSql } from './subscription.js'

/**
 * Both interfaces that the subscriber dials, the other side's and its own. pglogical has no function that changes one:
 * another beside it would leave the old password in its catalog, and that of a subscription's own node cannot be
 * exchanged at all. The worker reads them when it starts.
 */
export function redialPglogical(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Ensure[] {
  const { names } = context
  const subscriber = otherSide(publisher)
  const { subscription } = publishedFrom(publisher, names)
  const id = actionId('redial', subscriber)
  const record = numberedRecord(context, subscriber, id)
  const own = localDsn(context, subscriber, true)
  const secrets: readonly SecretUse[] = [REPLICATION_PASSWORD, ...own.secrets]
  const interfaceOf = (column: 'sub_origin_if' | 'sub_target_if'): string =>
    `(select s.${column} from pglogical.subscription as s where s.sub_name = ${quoteLiteral(subscription)})`
  const set = (dsn: string, column: 'sub_origin_if' | 'sub_target_if'): string =>
    `update pglogical.node_interface set if_dsn = '${dsn}' where if_id = ${interfaceOf(column)}`
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id,
      side: subscriber,
      phase: 'access',
      operation: 'repair',
      title: `interfaces of subscription ${quoteIdent(subscription)} get the addresses and passwords of the spec`,
      sql: [
        set(conninfo(context, publisher), 'sub_origin_if'),
        set(own.dsn, 'sub_target_if'),
        recordSql(names.lineage, record, `interfaces of ${subscription}`, null),
      ],
      after,
      secrets,
      specPath: `${publisher}.reachable_at`,
      wants: [{ is: 'record', lineage: names.lineage, action: record, there: true }],
    },
    ...startAnew(context, publisher, [id]),
  ]
}

/** By itself pglogical waits for minutes between two tries (seen: more than two), so it is not left to it. */
export function startAnew(context: MigrationContext, publisher: Side, after: readonly ActionId[]): readonly Ensure[] {
  const { lineage } = context.names
  const subscriber = otherSide(publisher)
  const { subscription } = publishedFrom(publisher, context.names)
  const id = actionId('redial-start', subscriber)
  const record = numberedRecord(context, subscriber, id)
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id,
      side: subscriber,
      phase: 'replication',
      operation: 'repair',
      title: `subscription ${quoteIdent(subscription)} starts anew`,
      note: 'By itself pglogical waits for minutes between two tries.',
      sql: [
        disableSql(subscription),
        enableSql(subscription),
        recordSql(lineage, record, `start of ${subscription}`, null),
      ],
      // `immediate` is refused inside a transaction block.
      transaction: 'none',
      after: [...after, pluginId(publisher)],
      wants: [{ is: 'record', lineage, action: record, there: true }],
    },
  ]
}
