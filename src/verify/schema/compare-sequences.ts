import { objectKey } from '../../catalog/object-key.js'
import type { Sequence } from '../../catalog/relations.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/** Sequences that would give out a value again on the target, or that are declared otherwise there. */
export function compareSequences({ source, target, includes }: SchemaInput): readonly SchemaFinding[] {
  const theirs = new Map(target.sequences.map((s) => [objectKey('sequence', s.schema, s.name), s]))
  return source.sequences
    .filter((s) => includes(s.schema, s.name))
    .flatMap((here): readonly SchemaFinding[] => {
      const what = objectKey('sequence', here.schema, here.name)
      const there = theirs.get(what)
      if (there === undefined) return [{ area: 'sequence', what, problem: 'is not on the target' }]
      return [...declared(here, there), ...position(here, there)].map((problem) => ({
        area: 'sequence',
        what,
        problem,
      }))
    })
}

function declared(here: Sequence, there: Sequence): readonly string[] {
  const properties = ['type', 'start', 'increment', 'min', 'max', 'cycle', 'cache'] as const
  return properties
    .filter((p) => here[p] !== there[p])
    .map((p) => `has ${p} ${String(there[p])} on the target and ${String(here[p])} on the source`)
}

/** A CYCLE sequence has no "ahead": only the same value is safe to call equal. */
function position(here: Sequence, there: Sequence): readonly string[] {
  const [ours, theirs] = [here.volatile.lastValue, there.volatile.lastValue]
  if (ours === undefined) return []
  if (theirs === undefined) return [`was never called on the target and is at ${ours} on the source`]
  const difference = BigInt(theirs) - BigInt(ours)
  const behind = here.cycle ? difference !== 0n : here.increment.startsWith('-') ? difference > 0n : difference < 0n
  return behind ? [`is at ${theirs} on the target, ${here.cycle ? 'not at' : 'behind'} ${ours} on the source`] : []
}
