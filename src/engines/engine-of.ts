import type { MigrationContext } from '../migration/context.js'
import type { EngineName } from '../spec/spec.js'
import type { Carrier } from './carrier.js'
import { compose } from './compose.js'
import type { Engine } from './engine.js'
import { nativeCarrier } from './native/native-carrier.js'
import { pglogicalCarrier } from './pglogical/pglogical-carrier.js'

const CARRIERS: Readonly<Record<EngineName, Carrier>> = { native: nativeCarrier, pglogical: pglogicalCarrier }

/** What carries changes in this migration, each direction by what can carry it between these servers. */
export function engineFor({ carriers }: MigrationContext): Engine {
  return compose({ source: CARRIERS[carriers.forward], target: CARRIERS[carriers.reverse] })
}
