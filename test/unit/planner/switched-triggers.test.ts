import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { objectKey } from '../../../src/catalog/object-key.js'
import type { Trigger } from '../../../src/catalog/relations.js'
import { engineFor } from '../../../src/engines/engine-of.js'
import { handoverTo } from '../../../src/migration/direction.js'
import { fenceId } from '../../../src/migration/fence-record.js'
import { fenceBefore } from '../../../src/migration/fence-sql.js'
import { triggerActions } from '../../../src/planner/handover/triggers.js'
import { planRemoval } from '../../../src/planner/removal/plan-removal.js'
import { POOR, schemaObject, script, table, tableObject } from './support/catalog.js'
import { contextOf, findingsOf, planOf, type Situation } from './support/planned.js'
import { NAMES } from './support/troubles/trouble.js'

const at = (name: string) => ({ schema: 'public', name })
const trigger = (of: string, name: string, enabled: Trigger['enabled'], inherited?: true): Trigger => ({
  ...{ schema: 'public', table: of, name, enabled },
  ...(inherited ? { inherited } : {}),
})
const PARTS = [
  table('parent', { kind: 'partitioned table' }),
  table('part_1', { parents: [at('parent')], isPartition: true }),
  table('part_2', { parents: [at('parent')], isPartition: true }),
]
const TRIGGERS = [
  trigger('parent', 'plain', 'origin'),
  trigger('part_1', 'plain', 'always', true),
  trigger('part_2', 'plain', 'origin', true),
  trigger('part_1', 'all', 'always', true),
  trigger('part_2', 'all', 'origin', true),
  trigger('parent', 'all', 'always'),
]
const EVENTS = [
  { name: 'ddl_log', event: 'ddl_command_end', enabled: 'origin' as const },
  { name: 'off', event: 'sql_drop', enabled: 'disabled' as const },
]
const BOTH: Situation = {
  source: { tables: PARTS, triggers: TRIGGERS, eventTriggers: EVENTS },
  target: { tables: PARTS, triggers: TRIGGERS, eventTriggers: EVENTS },
}
const changes = (action: Action | undefined): readonly string[] =>
  (action?.sql ?? []).filter((sql) => sql.startsWith('alter'))

const ON = [
  'alter table public.parent enable always trigger "all"',
  'alter table public.part_1 enable always trigger plain',
  'alter table public.part_2 enable trigger "all"',
  'alter event trigger ddl_log enable',
]
const OFF = [
  'alter event trigger ddl_log disable',
  'alter table public.parent disable trigger "all"',
  'alter table public.part_1 disable trigger plain',
  'alter table public.part_2 disable trigger "all"',
]

test('event triggers and the own ways of partitions are switched with triggers that fire for replicated rows', async () => {
  const context = await contextOf(BOTH)
  const [on, off] = triggerActions(context, handoverTo('target', NAMES), [])
  expect(changes(on)).toEqual(ON)
  expect(changes(off)).toEqual(OFF)
  expect(off?.sql.filter((sql) => sql.includes('public.part_2'))[0]).toContain(`'"origin"'`)
  expect(off?.abort?.slice(0, -1)).toEqual(ON)
  expect(on?.abort?.filter((sql) => sql.startsWith('alter'))).toEqual(OFF)
  expect(off?.locks.map((l) => l.relation)).toEqual(['public.parent', 'public.part_1', 'public.part_2'])
})

/** As a cutover has left the source. */
function closedSource(context: Awaited<ReturnType<typeof contextOf>>): Situation {
  const [, off] = triggerActions(context, handoverTo('target', NAMES), [])
  const records = (off?.sql ?? []).flatMap((sql) => {
    const [, object = '', json = ''] = /'triggers.source', '([^']*)', '([^']*)'/.exec(sql) ?? []
    return json === ''
      ? []
      : [{ lineage: NAMES.lineage, action: 'triggers.source', object, before: JSON.parse(json) as unknown, at: '' }]
  })
  const before = fenceBefore(context.source, 'revoke_connect', ['postgres'])
  return {
    ...BOTH,
    source: {
      tables: PARTS,
      triggers: TRIGGERS.map((t) => ({ ...t, enabled: 'disabled' })),
      eventTriggers: EVENTS.map((t) => ({ ...t, enabled: 'disabled' })),
      records: [...records, { lineage: NAMES.lineage, action: fenceId('source'), object: 'fence', before, at: '' }],
      beltTables: ['record'],
    },
  }
}

test('finalized leaves no dead trigger on the source, and keeps what would open it again', async () => {
  const context = await contextOf(closedSource(await contextOf(BOTH)))
  const { actions } = planRemoval(context, engineFor(context), 'finalized')
  const restored = actions.find((a) => a.id === 'triggers.source')
  expect(changes(restored)).toEqual(ON)
  const dropped = actions.find((a) => a.id === 'drop.records.source')
  expect(dropped?.note).toMatch(
    /^The source stays closed\. What would open it as it was: grant connect on database shop/i,
  )
  expect(dropped?.after).toContain('triggers.source')
})

test('an event trigger is made disabled on the target, and what is told of it says so', async () => {
  const made = schemaObject('event trigger', 'ddl_log', {
    key: objectKey('event trigger', 'ddl_log'),
    statements: ['CREATE EVENT TRIGGER ddl_log ON ddl_command_end EXECUTE FUNCTION f()'],
  })
  const source = { tables: [table('orders')], ...script(tableObject('orders'), made), eventTriggers: EVENTS }
  const plan = await planOf({ source })
  const action = plan.actions.find((a) => a.id === 'event-trigger.ddl_log')
  expect(action?.sql).toEqual([...made.statements, 'alter event trigger ddl_log disable'])
  expect(plan.deferred).toContainEqual(expect.objectContaining({ what: 'enabling event trigger ddl_log' }))
  expect((await findingsOf({ source })).map((d) => d.code)).not.toContain('event-trigger-stays')
})

test('a partition whose trigger fires for replicated rows gets it disabled, once that stands', async () => {
  const part = (of: string, enablement: 'always' | 'enabled') =>
    schemaObject('trigger enablement', of === 'part_1' ? 'plain' : 'all', {
      key: objectKey('trigger enablement', 'public', of, of === 'part_1' ? 'plain' : 'all'),
      table: at(of),
      enablement,
      statements: [`ALTER TABLE public.${of} ENABLE TRIGGER x`],
    })
  const own = ['plain', 'all'].map((name) =>
    schemaObject('trigger', name, { key: objectKey('trigger', 'public', 'parent', name), table: at('parent') }),
  )
  const objects = [part('part_1', 'always'), part('part_2', 'enabled'), ...own]
  const plan = await planOf({
    source: { tables: PARTS, triggers: TRIGGERS, ...script(...PARTS.map((t) => tableObject(t.name)), ...objects) },
  })
  const off = plan.actions.find((a) => a.id === 'triggers.partitions')
  expect(off?.sql).toEqual([
    'alter table public.part_1 disable trigger plain',
    'alter table public.part_2 disable trigger "all"',
  ])
  expect(off?.after).toContain('trigger.public.parent.plain')
  expect(plan.deferred.map((d) => d.what)).toEqual(
    expect.arrayContaining([
      'enabling trigger plain on public.part_1',
      'trigger "all" on public.part_2 as it is on the source',
    ]),
  )
})

test('an admin of the source who cannot switch event triggers is told, and they are left as they are', async () => {
  const situation = { ...BOTH, source: { ...BOTH.source, me: POOR } }
  expect((await findingsOf(situation)).map((d) => d.code)).toContain('event-trigger-stays')
  const [, off] = triggerActions(await contextOf(situation), handoverTo('target', NAMES), [])
  expect(changes(off).filter((sql) => sql.includes('event'))).toEqual([])
})
