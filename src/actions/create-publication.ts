import type { PublishedTable } from '../catalog/replication.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'
import { publishesAll } from './published.js'

/** A publication of exactly the listed tables; never FOR ALL TABLES. Also used to add tables to it later. */
export interface CreatePublication extends ActionBase<'create-publication'> {
  readonly publication: string
  readonly tables: readonly PublishedTable[]
}

export const probeCreatePublication: Probe<CreatePublication> = (action, context) => {
  const publication = context[action.side].publicationByName(action.publication)
  return publication !== undefined && publishesAll(publication.tables, action.tables) ? 'done' : 'absent'
}
