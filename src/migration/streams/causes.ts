import type { QualifiedName } from '../../catalog/schema-script.js'
import type { WorkerFailure } from '../../catalog/stream-evidence.js'
import type { Side } from '../../core/side.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../context.js'
import { kindOfFailure, type CauseKind } from './failure-cause.js'
import { missingColumns } from './missing-columns.js'
import type { Stream } from './stream.js'

/** Why a subscription does not get on. */
export interface StreamCause {
  readonly kind: CauseKind
  /** A clause without its full stop. */
  readonly says: string
  /** True of both databases as they are now, and not only of what was logged a while ago. */
  readonly proven: boolean
  readonly table?: QualifiedName
}

/** Every cause that is to be seen, what is proven first; empty: nothing tells why. */
export function streamCauses(context: MigrationContext, stream: Stream): readonly StreamCause[] {
  const proven = [
    ...heldPassword(context, stream),
    ...refusedPlugin(context, stream),
    ...takenSlot(stream),
    ...exhaustedWorkers(stream),
    ...lackedColumns(context, stream),
  ]
  const [newest] = stream.evidence?.failures ?? []
  if (newest === undefined) return proven
  const logged = loggedCause(context, stream, newest)
  return proven.some((c) => c.kind === logged.kind) ? proven : [...proven, logged]
}

function heldPassword({ spec }: MigrationContext, { evidence, publisher, subscriber }: Stream): readonly StreamCause[] {
  const role = spec.roles.replication.name
  const causes: StreamCause[] = []
  const held = evidence?.held
  if (held === 'wrong-password') {
    causes.push({
      kind: 'password',
      proven: true,
      says: `the ${publisher} refuses the password that it holds for role ${role}`,
    })
  }
  if (held === 'no-such-role' || held === 'not-allowed') {
    const why = held === 'no-such-role' ? 'is not there' : 'may not log in'
    causes.push({
      kind: 'address',
      proven: true,
      says: `role ${role}, as which it logs in, ${why} on the ${publisher}`,
    })
  }
  if (evidence?.heldHere === 'wrong-password') {
    const user = spec[subscriber].admin.user
    causes.push({
      kind: 'password',
      proven: true,
      says: `the ${subscriber} refuses the password that node and interface of pglogical there hold for ${user}, as whom rows are copied`,
    })
  }
  return causes
}

function refusedPlugin(context: MigrationContext, { publisher, slot }: Stream): readonly StreamCause[] {
  const listed = context[publisher].server.settings['output_plugin_libraries']
  if (listed === undefined) return []
  const words = listed.split(',').map((word) => word.trim().replaceAll('"', ''))
  if (words.includes(slot.plugin)) return []
  return [
    { kind: 'plugin', proven: true, says: `output_plugin_libraries of the ${publisher} does not name ${slot.plugin}` },
  ]
}

function takenSlot({ evidence, slot, publisher, subscription }: Stream): readonly StreamCause[] {
  const reader = evidence?.slotReader
  if (reader === undefined || evidence?.worker === 'restarting') return []
  const own = reader.application === subscription.name
  const from = reader.address === '' ? '' : ` from ${reader.address}`
  const who = `process ${String(reader.pid)} (${reader.application === '' ? 'without a name' : reader.application}${from})`
  const says = own
    ? `${who} of an earlier connection still holds slot ${slot.name} on the ${publisher}`
    : `${who} reads slot ${slot.name} on the ${publisher} instead`
  return [{ kind: 'slot', proven: true, says }]
}

function exhaustedWorkers({ evidence, subscriber }: Stream): readonly StreamCause[] {
  if (evidence === undefined || evidence.worker === 'steady' || evidence.worker === 'restarting') return []
  const { running, limit, setting } = evidence.workers
  if (running < limit) return []
  const says = `all ${String(limit)} workers that ${setting} allows run on the ${subscriber} already, or wait for a place`
  return [{ kind: 'limit', proven: true, says }]
}

function lackedColumns(context: MigrationContext, stream: Stream): readonly StreamCause[] {
  return missingColumns(context, stream).map(({ table, columns, there }) => {
    const relation = quoteQualified(table.schema, table.name)
    const says = there
      ? `table ${relation} has no column ${columns.join(', ')} on the ${stream.subscriber}`
      : `table ${relation} is not there on the ${stream.subscriber}`
    return { kind: there ? 'column' : 'table', says, proven: true, table } as const
  })
}

function loggedCause(context: MigrationContext, { subscriber }: Stream, failure: WorkerFailure): StreamCause {
  const kind = kindOfFailure(failure)
  const table = failure.table ?? tableOfConstraint(context, subscriber, failure)
  const when = failure.secondsAgo === undefined ? '' : ` ${ago(failure.secondsAgo)}`
  const where =
    table === undefined || isNamed(failure, table) ? '' : `, table ${quoteQualified(table.schema, table.name)}`
  const key = failure.key === undefined ? '' : `, ${failure.key}`
  const says = `its worker ended${when}: ${failure.message}${where}${key}`
  return { kind, says, proven: false, ...(table === undefined ? {} : { table }) }
}

function isNamed({ message }: WorkerFailure, { schema, name }: QualifiedName): boolean {
  return message.includes(`"${name}"`) || message.includes(`${schema}.${name}`)
}

function ago(seconds: number): string {
  return seconds < 120 ? `${String(seconds)} s ago` : `${String(Math.round(seconds / 60))} min ago`
}

/** Up to 14 a worker says which constraint refused a row, and not of which table. */
function tableOfConstraint(
  context: MigrationContext,
  side: Side,
  { message }: WorkerFailure,
): QualifiedName | undefined {
  const name = /constraint "([^"]+)"/.exec(message)?.[1]
  const catalog = context[side]
  const tables = [
    ...catalog.indexes.filter((i) => i.name === name).map((i) => ({ schema: i.schema, name: i.table })),
    ...catalog.constraints.filter((c) => c.name === name).map((c) => ({ schema: c.schema, name: c.table })),
  ]
  const distinct = new Map(tables.map((t) => [quoteQualified(t.schema, t.name), t]))
  return distinct.size === 1 ? tables[0] : undefined
}
