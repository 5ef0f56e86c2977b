import { expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { emptyCatalog, role, table, tableObject, script } from './support/catalog.js'
import { planOf } from './support/planned.js'

const ROLE = 'belt_replication'

async function grants(source: Partial<Catalog>): Promise<readonly string[]> {
  const { roles } = emptyCatalog('source', 15)
  const { actions } = await planOf({
    source: { ...source, ...script(tableObject('orders')), roles: [...roles, role(ROLE)] },
  })
  return actions.filter((a) => a.kind === 'grant-read' && a.side === 'source').flatMap((a) => a.sql.slice(0, -1))
}

const readable = {
  schemas: [{ name: 'public', owner: 'postgres', usage: ['', ROLE] }],
  tables: [table('orders', { readers: ['postgres', ROLE] })],
}

test('the right to read belt’s marker table is looked up, so that one that was lost is granted again', async () => {
  const { actions } = await planOf({ source: {} })
  const marker = actions.flatMap((a) => (a.kind === 'grant-read' ? [a.marker] : []))[0] ?? ''
  expect(marker).toMatch(/^marker_[0-9a-f]{8}$/)
  expect(await grants({ ...readable, beltReaders: { [marker]: [ROLE] } })).toEqual([])
  // As after DROP OWNED BY: belt's record of the grant still stands, the grant does not.
  const lost = await grants({ ...readable, beltTables: ['record', marker], beltReaders: { [marker]: [] } })
  expect(lost).toEqual([`grant usage on schema belt to ${ROLE}`, `grant select on table belt.${marker} to ${ROLE}`])
})
