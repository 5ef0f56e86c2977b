import { counted } from '../../core/counted.js'
import type { Session } from '../../postgres/session.js'
import type { Paired } from './comparison.js'

/**
 * Tables of which only rows that fit a filter move, with what the target holds beyond them: nothing brings such rows there
 * or back, so each is a difference. Reads the whole table on the target, one after the other.
 */
export async function withStrays<Table extends Paired>(
  tables: readonly Table[],
  target: Session,
): Promise<readonly Table[]> {
  const found: Table[] = []
  for (const table of tables) {
    const strays = await countStrays(table, target)
    const says = `the target holds ${counted(strays, 'row')} outside the row filter`
    found.push(strays === 0 ? table : { ...table, structure: [...table.structure, says] })
  }
  return found
}

async function countStrays({ comparison }: Paired, target: Session): Promise<number> {
  if (comparison?.filter === undefined) return 0
  const { rows } = await target.one<{ rows: string }>(
    `select pg_catalog.count(*)::text as rows from only ${comparison.name} where (${comparison.filter}\n) is not true`,
  )
  return Number(rows)
}
