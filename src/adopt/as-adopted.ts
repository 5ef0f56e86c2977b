import type { Catalog } from '../catalog/catalog.js'
import type { Inspection } from '../catalog/inspection.js'
import type { Side } from '../core/side.js'
import type { Spec } from '../spec/spec.js'
import { namesOf } from '../migration/names.js'
import { adoptionRecords } from './adoption-sql.js'

/** Both databases as they will be once the adoption is written there: its records are all that it adds. */
export function asAdopted(
  spec: Spec,
  { source, target, ...rest }: Inspection,
  lineage: string,
  full: boolean,
): Inspection {
  const { markerTable } = namesOf(spec.name, lineage)
  const adopt = (catalog: Catalog, side: Side): Catalog => ({
    ...catalog,
    records: [
      ...(catalog.records ?? []),
      ...adoptionRecords(side, spec.roles.replication.name, full).map((record) => ({ ...record, lineage, at: '' })),
    ],
    beltTables: [...new Set([...catalog.beltTables, 'record', markerTable])].sort(),
  })
  return { ...rest, source: adopt(source, 'source'), target: adopt(target, 'target') }
}
