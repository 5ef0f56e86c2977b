import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** A publication of exactly the listed tables; never FOR ALL TABLES. Also used to add tables to it later. */
export interface CreatePublication extends ActionBase<'create-publication'> {
  readonly publication: string
  readonly tables: readonly QualifiedName[]
}

export const probeCreatePublication: Probe<CreatePublication> = (action, context) => {
  const publication = context[action.side].publicationByName(action.publication)
  if (!publication) return 'absent'
  const has = new Set(publication.tables.map((t) => `${t.schema}\u0000${t.name}`))
  return action.tables.every((t) => has.has(`${t.schema}\u0000${t.name}`)) ? 'done' : 'absent'
}
