import { quoteQualified } from '../../core/quote.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { forgottenTables } from '../../engines/pglogical/carried-tables.js'
import type { MigrationContext } from '../../migration/context.js'
import { standingOf, type Stream } from '../../migration/streams/stream.js'
import { isToBeHandedOver } from './advice.js'

/** pglogical goes on with a table that was dropped and made again as if nothing had been: what it held before is not there. */
export function checkMadeAgain(context: MigrationContext, stream: Stream): readonly Diagnostic[] {
  const { publisher, subscriber, subscription } = stream
  if (subscription.of !== 'pglogical' || publisher !== 'source') return []
  const names = forgottenTables(context).map((t) => quoteQualified(t.schema, t.name))
  if (names.length === 0) return []
  const ahead = isToBeHandedOver(context, stream)
  const [were, them] = names.length === 1 ? ['was', 'it'] : ['were', 'them']
  const standing = standingOf(stream)
  const once = standing === 'failing' || standing === 'disabled' ? `Once ${subscription.name} streams again, ` : ''
  return [
    {
      severity: ahead ? 'error' : 'warning',
      code: 'drift-made-again',
      side: subscriber,
      message: `${names.join(', ')} ${were} dropped and made again on the ${subscriber}: subscription ${subscription.name} applies new changes there, and rows from before are not there`,
      fix: `${once}${ahead ? `${once === '' ? 'With' : 'with'} stage: replicating ` : ''}belt plan copies ${them} anew.`,
    },
  ]
}
