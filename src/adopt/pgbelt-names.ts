import type { AdoptedNames } from '../migration/adopted-names.js'

/** What pgbelt calls everything, in every migration (0.20.2). */
export const PGBELT_NAMES: AdoptedNames = {
  nodes: { source: 'pg1', target: 'pg2' },
  forward: { publication: 'pgbelt', subscription: 'pg1_pg2' },
  reverse: { publication: 'pgbelt', subscription: 'pg2_pg1' },
}
