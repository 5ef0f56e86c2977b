import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { claimsConflict, claimsOf } from '../../../src/apply/lane.js'
import type { Claims } from '../../../src/apply/lane.js'
import { keyless, schemaObject, script, table, tableObject } from './support/catalog.js'
import { readyForCutover } from './support/cutover.js'
import { planOf } from './support/planned.js'

const under = (...names: readonly string[]) => ({ parents: names.map((name) => ({ schema: 'public', name })) })
const NOT_VALID = schemaObject('constraint', 'old_rows', {
  table: { schema: 'public', name: 'notes' },
  constraint: { type: 'check', notValid: true },
  statements: ['ALTER TABLE public.notes ADD CONSTRAINT old_rows CHECK (n > 0) NOT VALID'],
})

async function copies(withConstraint: boolean): Promise<ReadonlyMap<string, Action>> {
  const tables = [keyless('notes'), table('streams', under('notes')), keyless('below', under('streams'))]
  const objects = [...tables.map((t) => tableObject(t.name)), ...(withConstraint ? [NOT_VALID] : [])]
  const plan = await planOf(
    readyForCutover({
      source: { tables, ...script(...objects) },
      target: { tables, ...script(...objects) },
      lines: ['keyless: { tables: { public.notes: copy_at_cutover, public.below: copy_at_cutover } }'],
      streamed: ['streams'],
    }),
  )
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return new Map(plan.actions.filter((a) => a.kind === 'copy-rows').map((a) => [a.table.name, a]))
}

const claims = (action: Action | undefined): Claims => (action && claimsOf(action)) ?? new Map<string, never>()

test('a parent whose rows are copied in the pause loses its own rows and no others', async () => {
  const found = await copies(false)
  expect([...found.keys()].sort()).toEqual(['below', 'notes'])
  expect(found.get('notes')?.sql).toContain('delete from only public.notes')
  expect(claimsConflict(claims(found.get('notes')), claims(found.get('below')))).toBe(false)
})

test('a NOT VALID constraint is taken off where it is declared, under the locks of all that inherit it', async () => {
  const found = await copies(true)
  for (const action of found.values()) {
    expect(action.sql).toContain('alter table public.notes drop constraint old_rows')
    expect(action.kind === 'copy-rows' && action.afterSql).toEqual(NOT_VALID.statements)
    expect(action.locks).toEqual(
      ['public.below', 'public.notes', 'public.streams'].map((relation) => ({ mode: 'ACCESS EXCLUSIVE', relation })),
    )
  }
  expect(claimsConflict(claims(found.get('notes')), claims(found.get('below')))).toBe(true)
})
