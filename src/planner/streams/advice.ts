import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { shellWord } from '../../core/shell-word.js'
import type { MigrationContext } from '../../migration/context.js'
import type { StreamCause } from '../../migration/streams/causes.js'
import type { Stream } from '../../migration/streams/stream.js'

/** The spec asks for the other side to serve, so that a plan is one for a handover and mends nothing else. */
export function isToBeHandedOver({ spec }: MigrationContext, { publisher }: Pick<Stream, 'publisher'>): boolean {
  return spec.stage === (publisher === 'source' ? 'cutover' : 'rolled-back')
}

/** What to do about a cause: what belt plans, or what somebody has to decide. */
export function adviceFor(context: MigrationContext, stream: Stream, cause: StreamCause): string {
  const advice = ofCause(context, stream, cause)
  if (stream.subscription.of !== 'pglogical') return advice
  return advice.replace('It goes on by itself', 'It goes on within minutes, or at once when belt plan starts it anew')
}

function ofCause(context: MigrationContext, stream: Stream, cause: StreamCause): string {
  const { publisher, subscriber } = stream
  const { spec } = context
  const role = quoteIdent(spec.roles.replication.name)
  const stay = publisher === 'source' ? 'replicating' : 'cutover'
  const plan = isToBeHandedOver(context, stream) ? `with stage: ${stay} belt plan` : 'belt plan'
  switch (cause.kind) {
    case 'password':
      return `${plan} shows how it gets the password of the spec.`
    case 'address': {
      const { host, port } = spec[publisher].reachableAt
      return `From the ${subscriber} server ${host}:${String(port)} must be reached, and pg_hba.conf of the ${publisher} must let ${role} in from there. It goes on by itself.`
    }
    case 'slot':
      return `If that process is a dead connection, end it on the ${publisher} (pg_terminate_backend), or wait for wal_sender_timeout; if somebody else reads the slot, stop that: what they read is lost to this subscription.`
    case 'plugin':
      return `${stream.slot.plugin} must stand in output_plugin_libraries of the ${publisher}; ${plan} shows the change where belt may make it.`
    case 'limit':
      return 'Raise that limit (it takes a restart), or end what uses it up. It goes on by itself.'
    case 'column':
      return `${columnStatement(context, stream, cause)} It goes on by itself; the ${publisher} keeps its log meanwhile.`
    case 'table':
      return publisher === 'source' && subscriber === 'target'
        ? 'belt plan makes it and copies it.'
        : `Make it on the ${subscriber} too. What was written to it before is not there then.`
    case 'row':
      return rowAdvice(context, stream, cause)
    case 'disk':
      return `Make room on the ${subscriber}. It goes on by itself; the ${publisher} keeps its log meanwhile.`
    case 'right':
      return `Give back on the ${subscriber} what the message asks for. It goes on by itself.`
    case 'other':
      return `Mend that on the ${subscriber}; it goes on by itself. Otherwise: belt plan --restart copies everything again.`
  }
}

function columnStatement(context: MigrationContext, { publisher, subscriber }: Stream, { table }: StreamCause): string {
  if (table === undefined) return `Make the same change on the ${subscriber}.`
  const from = context[publisher].tableByName(table.schema, table.name)
  const to = context[subscriber].tableByName(table.schema, table.name)
  const lacked = from?.columns.filter(
    (c) => c.generated === undefined && to?.columns.every((t) => t.name !== c.name) === true,
  )
  const relation = quoteQualified(table.schema, table.name)
  const adds = (lacked ?? []).map((c) => `add column ${quoteIdent(c.name)} ${c.type}`)
  if (adds.length === 0) return `Make the same change to ${relation} on the ${subscriber}.`
  return `Make the same change on the ${subscriber}: alter table ${relation} ${adds.join(', ')};`
}

function rowAdvice(context: MigrationContext, stream: Stream, { table }: StreamCause): string {
  const { publisher, subscriber } = stream
  const relation = table === undefined ? undefined : quoteQualified(table.schema, table.name)
  if (publisher === 'target') {
    return `The ${subscriber} was written to after the cutover. Take away what is in the way there; the row that comes is the one that counts. It goes on by itself.`
  }
  const copied = relation !== undefined && context.scope.routeOf(table?.schema ?? '', table?.name ?? '') !== undefined
  const again =
    stream.subscription.of === 'pglogical'
      ? 'To copy everything again: belt plan --restart. '
      : copied
        ? `To copy that table anew: belt plan --resync ${shellWord(relation)}. `
        : 'Find the table (belt verify names rows that differ), then copy it anew: belt plan --resync. '
  return `Somebody wrote to the ${subscriber}, or it has a rule that the ${publisher} has not. ${again}Or take away what is in the way there; it goes on by itself.`
}
