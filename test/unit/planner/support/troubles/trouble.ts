import { lineageOf, namesOf } from '../../../../../src/migration/names.js'
import { script, table, tableObject } from '../catalog.js'
import type { Situation } from '../planned.js'

/** A situation and what must be said of it: `severity code (side): message`, then the fix. */
export interface Trouble {
  readonly situation: Situation
  readonly says: string
  readonly fix?: string
}

export const NAMES = namesOf(
  'shop',
  lineageOf('shop', { systemIdentifier: '7001', database: 'shop' }, { systemIdentifier: '7002', database: 'shop' }),
)
/** One plain table. */
export const ORDERS = { tables: [table('orders')], ...script(tableObject('orders')) }
export const REVERSE_OFF = ['reverse: { enabled: false }']
