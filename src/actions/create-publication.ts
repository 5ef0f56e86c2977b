import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'
import { holdsSet } from './published.js'
import type { WantedSet } from './published.js'

/** A publication of exactly the listed tables; never FOR ALL TABLES. Also used to add tables to it later. */
export interface CreatePublication extends ActionBase<'create-publication'>, WantedSet {
  readonly publication: string
}

export const probeCreatePublication: Probe<CreatePublication> = (action, context) => {
  const catalog = context[action.side]
  const publication = catalog.publicationByName(action.publication)
  return publication !== undefined && holdsSet(publication, action, catalog) ? 'done' : 'absent'
}
