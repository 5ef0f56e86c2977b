import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { ScopedSequence, SetSequences } from '../../actions/set-sequences.js'
import { counted } from '../../core/counted.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

/** One statement for any number of sequences; the values are known only when it runs. */
export const SET_SEQUENCES_SQL =
  'select pg_catalog.setval(s.name::pg_catalog.regclass, s.value, s.called) from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::int8[]), pg_catalog.unnest($3::bool[])) as s (name, value, called)'

/** Sequences in scope that stand on the side whose values are carried. */
export function scopedSequences(context: MigrationContext, handover: Handover): readonly ScopedSequence[] {
  const wanted = new Set(context[handover.to].sequences.map((s) => `${s.schema}\u0000${s.name}`))
  return context[handover.from].sequences
    .filter((s) => context.scope.includesSchema(s.schema) && wanted.has(`${s.schema}\u0000${s.name}`))
    .map(({ schema, name, increment, min, max, cycle }) => ({ schema, name, increment, min, max, cycle }))
}

export function sequencesAction(
  context: MigrationContext,
  handover: Handover,
  mode: 'ahead' | 'exact',
  after: readonly ActionId[],
): SetSequences {
  const { from, to } = handover
  const sequences = scopedSequences(context, handover)
  const { margin } = context.spec.sequences
  const ahead = mode === 'ahead'
  return {
    ...NOTHING_SPECIAL,
    kind: 'set-sequences',
    id: actionId('sequences', mode, to),
    side: to,
    phase: ahead ? 'before pause' : 'pause',
    operation: 'run',
    title: ahead
      ? `${counted(sequences.length, 'sequence')} on the ${to}: ${String(margin)} values ahead`
      : `sequences on the ${to} that the ${from} has caught up with: exact values`,
    sql: [SET_SEQUENCES_SQL],
    transaction: 'none',
    after,
    specPath: 'sequences.margin',
    from,
    mode,
    margin,
    sequences,
  }
}
