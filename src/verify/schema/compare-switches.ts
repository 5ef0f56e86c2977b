import { objectKey } from '../../catalog/object-key.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/** Indexes that are INVALID, constraints that are not valid, triggers that are not enabled as on the source. */
export function compareSwitches({ source, target, includes }: SchemaInput): readonly SchemaFinding[] {
  const indexes = source.indexes.flatMap((here): readonly SchemaFinding[] => {
    const there = target.indexByName(here.schema, here.name)
    if (there === undefined || !includes(here.schema, here.table) || !here.valid || there.valid) return []
    return [{ area: 'index', what: objectKey('index', here.schema, here.name), problem: 'is INVALID on the target' }]
  })
  const constraints = source.constraints.flatMap((here): readonly SchemaFinding[] => {
    const there = target.constraintByName(here.schema, here.table, here.name)
    if (there === undefined || !includes(here.schema, here.table)) return []
    const what = objectKey('constraint', here.schema, here.table, here.name)
    const problems = [
      ...(here.validated && !there.validated ? ['is NOT VALID on the target'] : []),
      ...(here.enforced !== false && there.enforced === false ? ['is NOT ENFORCED on the target'] : []),
    ]
    return problems.map((problem) => ({ area: 'constraint', what, problem }))
  })
  const triggers = source.triggers.flatMap((here): readonly SchemaFinding[] => {
    const there = target.triggerByName(here.schema, here.table, here.name)
    if (there === undefined || !includes(here.schema, here.table) || here.enabled === there.enabled) return []
    const problem = `is ${there.enabled} on the target and ${here.enabled} on the source`
    return [{ area: 'trigger', what: objectKey('trigger', here.schema, here.table, here.name), problem }]
  })
  return [...indexes, ...constraints, ...triggers]
}
