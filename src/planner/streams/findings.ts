import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import { engineFor } from '../../engines/engine-of.js'
import type { MigrationContext } from '../../migration/context.js'
import { handoverTo } from '../../migration/direction.js'
import { streamCauses, type StreamCause } from '../../migration/streams/causes.js'
import { standingOf, streamFrom, type Stream } from '../../migration/streams/stream.js'
import { servingSide, sideToReopen } from '../current-stage.js'
import { checkMadeAgain } from './made-again.js'
import { adviceFor, isToBeHandedOver } from './advice.js'

/** Of the direction that runs now, from the side that serves: why it does not get on, or will not for long. */
export function checkStreams(context: MigrationContext): readonly Diagnostic[] {
  // A handover that is half-way has taken its streams apart on purpose.
  if (sideToReopen(context) !== undefined) return []
  const stream = streamFrom(context, servingSide(context))
  // Planned without a live look nothing is said: a worker that is not there may have ended this very moment.
  return stream?.evidence === undefined ? [] : streamFindings(context, stream)
}

export function streamFindings(context: MigrationContext, stream: Stream): readonly Diagnostic[] {
  return [...standing(context, stream), ...checkMadeAgain(context, stream)]
}

function standing(context: MigrationContext, stream: Stream): readonly Diagnostic[] {
  switch (standingOf(stream)) {
    case 'disabled':
      return [disabled(context, stream)]
    case 'failing':
      return [down(context, stream)]
    case 'starting':
      return [starting(context, stream)]
    case 'streaming':
      return [...badPassword(context, stream), ...stuckTables(context, stream), ...setAside(stream)]
  }
}

function disabled(context: MigrationContext, stream: Stream): Diagnostic {
  const { subscriber, publisher, subscription } = stream
  const enable = engineFor(context).goOn(context, handoverTo(subscriber, context.names), [])
  const [cause] = streamCauses(context, stream)
  const why = cause === undefined ? '' : `; before, ${cause.says}`
  const mend = cause === undefined ? '' : ` First: ${adviceFor(context, stream, cause)}`
  return {
    severity: 'warning',
    code: 'drift-subscription-disabled',
    side: subscriber,
    message: `subscription ${subscription.name} is disabled${why}; the ${publisher} keeps all log since`,
    fix: `${enable.flatMap((a) => a.sql).join('; ')}${mend}`,
  }
}

function down(context: MigrationContext, stream: Stream): Diagnostic {
  const { subscriber, subscription, evidence } = stream
  const causes = streamCauses(context, stream)
  const how =
    evidence?.worker === 'restarting' ? 'is enabled and fails again and again' : 'is enabled and not connected'
  const [cause] = causes
  return {
    severity: isToBeHandedOver(context, stream) && cause?.proven === true ? 'error' : 'warning',
    code: 'drift-subscription-down',
    side: subscriber,
    message: `subscription ${subscription.name} ${how}: ${causes.length === 0 ? nothingTold(stream) : causes.map((c) => c.says).join('; ')}`,
    fix: cause === undefined ? withoutCause(stream) : adviceFor(context, stream, cause),
  }
}

function nothingTold({ evidence, subscriber }: Stream): string {
  if (evidence?.log === 'read') return `neither the catalogs nor the log of the ${subscriber} server say why`
  const log = evidence?.log === 'forbidden' ? 'belt may not read its log' : 'its log is not to be had through SQL'
  return `the catalogs of the ${subscriber} do not say why, and ${log}`
}

function withoutCause({ evidence, subscriber }: Stream): string {
  const login =
    evidence?.held === 'ok'
      ? 'What it holds lets it in when belt logs in with it from here, so look whether the server itself gets through. '
      : ''
  return `${login}The log of the ${subscriber} server says why its worker ends; it tries again every few seconds.`
}

function starting(context: MigrationContext, stream: Stream): Diagnostic {
  const causes: readonly StreamCause[] = streamCauses(context, stream)
  const why = causes.length === 0 ? 'it may be about to start' : causes.map((c) => c.says).join('; ')
  const [cause] = causes
  return {
    severity: 'warning',
    code: 'drift-subscription-down',
    side: stream.subscriber,
    message: `subscription ${stream.subscription.name} is enabled and not connected: ${why}`,
    fix: cause === undefined ? 'Look again in a minute: belt status.' : adviceFor(context, stream, cause),
  }
}

/** It streams over a connection that was let in before; the next one will be refused. */
function badPassword(context: MigrationContext, stream: Stream): readonly Diagnostic[] {
  const cause = streamCauses(context, stream).find((c) => c.kind === 'password' && c.proven)
  if (cause === undefined) return []
  const { subscriber, subscription } = stream
  return [
    {
      severity: 'warning',
      code: 'drift-subscription-password',
      side: subscriber,
      message: `subscription ${subscription.name} streams and will not connect again once it is cut off: ${cause.says}`,
      fix: adviceFor(context, stream, cause),
    },
  ]
}

/** The subscription streams and a table of it does not: the worker that copies it fails again and again. */
function stuckTables(context: MigrationContext, stream: Stream): readonly Diagnostic[] {
  const { subscriber, subscription, evidence } = stream
  const open = subscription.tables.filter((t) => t.state !== 'ready')
  if (open.length === 0 || (evidence?.failures.length ?? 0) === 0) return []
  const [cause] = streamCauses(context, stream)
  if (cause === undefined) return []
  return [
    {
      severity: 'warning',
      code: 'drift-copy-failing',
      side: subscriber,
      message: `subscription ${subscription.name} does not get on copying ${open.length === 1 ? 'a table' : `${String(open.length)} tables`}: ${cause.says}`,
      fix: adviceFor(context, stream, cause),
    },
  ]
}

/** Only a resync that was cut short leaves one so. */
function setAside({ subscriber, subscription }: Stream): readonly Diagnostic[] {
  const names = (subscription.setAside ?? []).map((t) => quoteQualified(t.schema, t.name))
  if (names.length === 0) return []
  return [
    {
      severity: 'warning',
      code: 'drift-set-aside',
      side: subscriber,
      message: `subscription ${subscription.name} passes over the changes of ${names.join(', ')}, whose copy was to be made anew`,
      fix: 'belt plan goes on with it.',
    },
  ]
}
