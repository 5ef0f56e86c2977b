import { expect, test } from 'vitest'
import { script, table, tableObject } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { available, PGLOGICAL_READY } from './support/troubles/pglogical.js'

const TWO = { tables: [table('orders'), table('parts')], ...script(tableObject('orders'), tableObject('parts')) }

test('adds each table to the replication set in a transaction of its own, and nothing twice', async () => {
  const plan = await planOf({ ...PGLOGICAL_READY, source: { ...available('2.4.2'), ...TWO } })
  const add = plan.actions.find((a) => a.id === 'set-tables.source')
  expect(add?.transaction).toBe('none')
  expect(add?.sql).toHaveLength(3)
  for (const sql of add?.sql ?? [])
    expect(sql).toMatch(/^select pglogical\.replication_set_add_table\(.* where not exists/)
})

test('holds passwords as placeholders only, and none where a node is never dialled', async () => {
  const { actions } = await planOf({ ...PGLOGICAL_READY, source: { ...available('2.4.2'), ...TWO } })
  const sqlOf = (id: string): string => actions.find((a) => a.id === id)?.sql.join('; ') ?? ''
  expect(sqlOf('node.source')).not.toContain('password')
  expect(sqlOf('node.target')).toContain('user=postgres')
  expect(sqlOf('subscription.target')).toContain('password=${secret:roles.replication.password}')
  expect(sqlOf('subscription.target')).toContain(`forward_origins := '{}'`)
})
