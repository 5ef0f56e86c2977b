import { objectKey } from '../../catalog/object-key.js'
import type { SchemaFinding } from './finding.js'
import type { SchemaInput } from './schema-input.js'

/** Materialized views that can be read on the source and not on the target. */
export function compareMaterializedViews({ source, target, includes }: SchemaInput): readonly SchemaFinding[] {
  return source.materializedViews.flatMap((view): readonly SchemaFinding[] => {
    const what = objectKey('materialized view', view.schema, view.name)
    if (!view.populated || !includes(view.schema, view.name) || target.populatedViews.has(what)) return []
    return [{ area: 'materialized view', what, problem: 'is not populated on the target' }]
  })
}
