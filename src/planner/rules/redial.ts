import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Draft } from '../../migration/draft.js'
import { streamCauses } from '../../migration/streams/causes.js'
import { standingOf, streamFrom, type Stream } from '../../migration/streams/stream.js'
import { servingSide } from '../current-stage.js'
import { rolePasswordId, willSetPassword } from './role-password.js'

/**
 * The subscription that runs now gets the password of the spec when what it holds is refused, or will be once the role has
 * the spec's. Nothing while the spec's own password is refused too: then it is not known which one counts.
 */
export function planRedial(context: MigrationContext, engine: Engine): Draft {
  const publisher = servingSide(context)
  const stream = streamFrom(context, publisher)
  if (stream?.evidence === undefined) return { actions: [] }
  const { held, heldHere } = stream.evidence
  const changes = willSetPassword(context, publisher)
  const refused = held === 'wrong-password' || heldHere === 'wrong-password'
  if (!changes && !(refused && context.inspection.replicationLogin[publisher] === 'ok')) {
    return { actions: triesAgain(context, stream) ? engine.retry(context, publisher, []) : [] }
  }
  return { actions: engine.redial(context, publisher, [rolePasswordId(publisher)]) }
}

/** Nothing that is known to be still true would stop it; an output plugin is allowed by the same plan. */
function triesAgain(context: MigrationContext, stream: Stream): boolean {
  const still = streamCauses(context, stream).filter((c) => c.proven && c.kind !== 'plugin')
  return standingOf(stream) === 'failing' && still.length === 0
}
