import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { objectKey } from '../../../src/catalog/object-key.js'
import type { SchemaObject } from '../../../src/catalog/schema-script.js'
import { handoverTo } from '../../../src/migration/direction.js'
import { checksLeft, constraintsOff, constraintsOn } from '../../../src/planner/handover/constraints.js'
import { keyless, schemaObject, script, table, tableObject } from './support/catalog.js'
import { readyForCutover } from './support/cutover.js'
import { contextOf, findingsOf, planOf, type Situation } from './support/planned.js'
import { NAMES } from './support/troubles/trouble.js'

const at = (name: string) => ({ schema: 'public', name })

function foreignKey(child: string, parent: string, more: Partial<SchemaObject> = {}): SchemaObject {
  const name = `${child}_${parent}_fkey`
  const add = `ALTER TABLE public.${child} ADD CONSTRAINT ${name} FOREIGN KEY (id) REFERENCES public.${parent}(id)`
  return schemaObject('constraint', name, {
    key: objectKey('constraint', 'public', child, name),
    table: at(child),
    constraint: { type: 'foreign key', notValid: false, references: at(parent) },
    statements: [add],
    notValidVariant: `${add} NOT VALID`,
    validate: `ALTER TABLE public.${child} VALIDATE CONSTRAINT ${name}`,
    ...more,
  })
}

const DOMAIN_CHECK = schemaObject('constraint', 'not_checked', {
  key: objectKey('constraint', 'public', 'email', 'not_checked'),
  about: objectKey('domain', 'public', 'email'),
  constraint: { type: 'check', notValid: true },
  statements: ['ALTER DOMAIN public.email ADD CONSTRAINT not_checked CHECK (true) NOT VALID'],
})
const ABOUT_CHECK = schemaObject('comment', 'not_checked', {
  key: objectKey('comment', 'public', 'not_checked'),
  about: DOMAIN_CHECK.key,
  statements: [`COMMENT ON CONSTRAINT not_checked ON DOMAIN public.email IS 'x'`],
})
const DOMAIN = schemaObject('domain', 'email')

const TABLES = [table('orders'), table('lines'), keyless('notes'), keyless('log'), table('empty')]
const LINES = [
  'keyless: { tables: { public.notes: copy_at_cutover, public.log: copy_at_cutover } }',
  'scope: { tables: { schema_only: [public.empty] } }',
]
const tables = TABLES.map((t) => tableObject(t.name))

function atCutover(...objects: readonly SchemaObject[]): Situation {
  return readyForCutover({
    source: { tables: TABLES, ...script(...tables, DOMAIN, ...objects) },
    target: { tables: TABLES, ...script(...tables, DOMAIN) },
    lines: LINES,
    streamed: ['orders', 'lines'],
  })
}

async function cutover(...objects: readonly SchemaObject[]): Promise<readonly Action[]> {
  const plan = await planOf(atCutover(...objects))
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return plan.actions
}

const ids = (actions: readonly Action[]): readonly string[] => actions.map((a) => a.id)
const named = (actions: readonly Action[], id: string): Action | undefined => actions.find((a) => a.id === id)

describe('a NOT VALID constraint of a table', () => {
  const check = (of: string): SchemaObject =>
    schemaObject('constraint', 'old_rows', {
      key: objectKey('constraint', 'public', of, 'old_rows'),
      table: at(of),
      constraint: { type: 'check', notValid: true },
      statements: [`ALTER TABLE public.${of} ADD CONSTRAINT old_rows CHECK (n > 0) NOT VALID`],
    })

  test('is taken off again when the pause is given up, if rows that break it are copied in the next one', async () => {
    const copied = named(await cutover(check('notes')), 'constraint.public.notes.old_rows')
    expect(copied).toMatchObject({ phase: 'pause' })
    expect(copied?.abort).toEqual(['alter table public.notes drop constraint if exists old_rows'])
    const streamed = named(await cutover(check('orders')), 'constraint.public.orders.old_rows')
    expect(streamed).toMatchObject({ phase: 'pause' })
    expect(streamed?.abort).toBeUndefined()
  })
})

describe('a NOT VALID constraint of a domain', () => {
  test('is made in the pause of the cutover with its comment, and taken off again when that is given up', async () => {
    const actions = await cutover(DOMAIN_CHECK, ABOUT_CHECK)
    const made = named(actions, 'constraint.public.email.not_checked')
    expect(made).toMatchObject({ phase: 'pause', sql: [...DOMAIN_CHECK.statements, ...ABOUT_CHECK.statements] })
    expect(made?.abort).toEqual(['alter domain public.email drop constraint if exists not_checked'])
  })

  test('is taken off the source before it is fed, for old rows would be refused there, and noted', async () => {
    const off = named(await cutover(DOMAIN_CHECK, ABOUT_CHECK), 'constraints.source')
    expect(off).toMatchObject({ phase: 'after pause', side: 'source', after: ['open.target'] })
    expect(off?.sql[0]).toContain('COMMENT ON CONSTRAINT not_checked')
    expect(off?.sql[1]).toBe('alter domain public.email drop constraint if exists not_checked')
    const start = (await cutover(DOMAIN_CHECK)).find((a) => a.id === 'start.subscription.source')
    expect(start?.after).toContain('constraints.source')
  })

  test('is not made ahead of the pause', async () => {
    const plan = await planOf({ ...atCutover(DOMAIN_CHECK), only: ['keyless'] })
    expect(ids(plan.actions)).toEqual(['rehearse.rows.public.notes', 'rehearse.rows.public.log'])
    await expect(planOf({ ...atCutover(DOMAIN_CHECK), only: ['constraints'] })).rejects.toThrow('write pause')
  })
})

describe('a foreign key of a table that does not stream', () => {
  test.each([
    ['lines', 'notes'],
    ['log', 'orders'],
    ['empty', 'orders'],
  ])('from %s to %s stays off while rows stream', async (child, parent) => {
    const key = foreignKey(child, parent)
    const plan = await planOf({ source: { tables: TABLES, ...script(...tables, key) }, lines: LINES })
    expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    expect(ids(plan.actions).filter((id) => id.includes('fkey'))).toEqual([])
    expect(plan.deferred).toContainEqual(expect.objectContaining({ what: key.key, until: 'cutover' }))

    const actions = await cutover(key)
    const made = named(actions, `constraint.public.${child}.${key.name}`)
    expect(made).toMatchObject({ phase: 'pause', sql: [key.notValidVariant] })
    expect(made?.after).toContain('rows.target.public.notes')
    const checked = named(actions, `validate.constraint.public.${child}.${key.name}`)
    expect(checked).toMatchObject({ phase: 'after pause', sql: [key.validate] })
    expect(checked?.after).toContain('open.target')
    // TRUNCATE … CASCADE of the parent would stop the way back.
    expect(named(actions, 'constraints.source') !== undefined).toBe(parent === 'orders')
  })

  test.each([
    ['lines', 'orders'],
    ['log', 'notes'],
  ])('from %s to %s is made after the copy as ever', async (child, parent) => {
    const plan = await planOf({
      source: { tables: TABLES, ...script(...tables, foreignKey(child, parent)) },
      lines: LINES,
    })
    expect(ids(plan.actions).filter((id) => id.includes('fkey'))).toHaveLength(2)
  })

  test('to rows that never come is told, and never validated', async () => {
    const key = foreignKey('lines', 'empty')
    const found = await findingsOf({ source: { tables: TABLES, ...script(...tables, key) }, lines: LINES })
    expect(found).toContainEqual(expect.objectContaining({ code: 'foreign-key-unproven', subject: key.key }))
    const about = ids(await cutover(key)).filter((id) => id.includes('fkey'))
    expect(about).toEqual([`constraint.public.lines.${key.name}`])
  })
})

test('what was taken from the source is made there again by a rollback, and checked after it', async () => {
  const key = foreignKey('log', 'orders')
  const before = await contextOf(atCutover(key, DOMAIN_CHECK, ABOUT_CHECK))
  const [off] = constraintsOff(before, handoverTo('target', NAMES), [])
  const records = (off?.sql ?? []).flatMap((sql) => {
    const [, object = '', json = ''] = /'constraints.source', '((?:[^']|'')*)', '((?:[^']|'')*)'\)/s.exec(sql) ?? []
    if (json === '') return []
    const read = JSON.parse(json.replaceAll("''", "'")) as unknown
    return [{ lineage: NAMES.lineage, action: 'constraints.source', object, before: read, at: '' }]
  })
  expect(records.map((r) => r.object)).toEqual([key.key, DOMAIN_CHECK.key])

  const fed = { ...atCutover(), source: { tables: TABLES, records, ...script(...tables, DOMAIN) } }
  const back = constraintsOn(await contextOf(fed), handoverTo('source', NAMES), [])
  expect(back.made.map((a) => a.sql[0])).toEqual([key.notValidVariant, ...DOMAIN_CHECK.statements])
  expect(back.made[1]?.sql[1]).toBe(ABOUT_CHECK.statements[0])
  expect(back.checked.map((a) => a.sql[0])).toEqual([key.validate])

  const standing = { name: key.name, type: 'foreign key' as const, inherited: false, schema: 'public', table: 'log' }
  const interrupted = {
    ...fed,
    source: {
      tables: TABLES,
      records,
      ...script(...tables, key),
      constraints: [{ ...standing, validated: false }],
    },
  }
  expect(checksLeft(await contextOf(interrupted), 'source').map((a) => a.sql[0])).toEqual([key.validate])
})
