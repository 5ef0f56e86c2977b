import { fc } from '../../support/properties.js'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { selectOnly } from '../../../src/planner/only/select-only.js'
import { PARTS } from '../../../src/planner/only/parts.js'
import type { Stage } from '../../../src/spec/spec.js'
import { MINIMAL } from '../spec/load-text.js'
import { keyless, schemaObject, script, slot, subscription, table, tableObject } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { NAMES } from './support/troubles/trouble.js'

const on = { table: { schema: 'public', name: 'orders' } }
const check = { type: 'check', notValid: false } as const
const SOURCE: NonNullable<Situation['source']> = {
  tables: [table('orders'), keyless('log'), keyless('notes')],
  sequences: [],
  ...script(
    tableObject('orders'),
    tableObject('log'),
    tableObject('notes'),
    schemaObject('index', 'a_idx', on),
    schemaObject('index', 'b_idx', on),
    schemaObject('constraint', 'uni', { ...on, constraint: { ...check, type: 'unique' } }),
    schemaObject('constraint', 'old_rows', { ...on, constraint: { ...check, notValid: true } }),
  ),
}
const LINES = ['keyless: { tables: { public.notes: copy_at_cutover } }']

/** The target at `replicating`, with what must be there for a cutover to be planned. */
const REPLICATING: Situation = {
  spec: `${MINIMAL.replace('stage: replicating', 'stage: cutover')}${LINES.join('\n')}\n`,
  source: { ...SOURCE, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
  target: {
    tables: [table('orders'), keyless('log'), keyless('notes')],
    ...script(
      ...[tableObject('orders'), tableObject('log'), tableObject('notes')],
      ...[schemaObject('index', 'a_idx', on), schemaObject('index', 'b_idx', on)],
      schemaObject('constraint', 'uni', { ...on, constraint: { ...check, type: 'unique' } }),
    ),
    subscriptions: [
      subscription(
        NAMES.forward.subscription,
        ['orders', 'log'].map((name) => ({ schema: 'public', name, state: 'ready' })),
      ),
    ],
  },
  state: STREAMING_STATE,
}

async function left(situation: Situation): Promise<readonly Action[]> {
  const { actions, diagnostics } = await planOf(situation)
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return actions
}

const ids = (actions: readonly Action[]): readonly string[] => actions.map((a) => a.id)

/** As if everything before these was done. */
function onlyLeft(actions: readonly Action[], keep: (a: Action) => boolean): readonly Action[] {
  const kept = actions.filter(keep)
  const there = new Set(kept.map((a) => a.id))
  return kept.map((a): Action => ({ ...a, after: a.after.filter((id) => there.has(id)) }))
}

let building: readonly Action[] = []
let cutover: readonly Action[] = []
const select = (
  words: readonly string[],
  actions: readonly Action[],
  stage: Stage = 'replicating',
): readonly string[] => ids(selectOnly({ words, stage, all: actions, left: actions }))

beforeAll(async () => {
  building = onlyLeft(await left({ source: SOURCE, lines: LINES }), (a) => a.phase === 'build' || a.phase === 'verify')
  cutover = await left(REPLICATING)
})

describe('on the way to replicating', () => {
  test('a part is what its name says, in the order of the plan', () => {
    expect(select(['indexes'], building)).toEqual(['index.public.a_idx', 'index.public.b_idx'])
    expect(select(['constraints'], building)).toEqual(['constraint.public.uni'])
    const all = select(['verify', 'analyze', 'indexes', 'constraints'], building)
    expect(all).toEqual(ids(building))
  })

  test('an id or a pattern picks one or some', () => {
    expect(select(['index.public.b_idx'], building)).toEqual(['index.public.b_idx'])
    expect(select(['*.public.*'], building)).toHaveLength(3)
  })

  test('what waits for something else is refused, and told what', () => {
    expect(() => select(['analyze'], building)).toThrow(
      /^what is selected waits for 3 actions that are neither done nor selected:\n {2}analyze.*waits for index\.public\.a_idx/,
    )
    expect(() =>
      select(
        ['verify'],
        onlyLeft(building, (a) => a.kind !== 'create-object'),
      ),
    ).toThrow(/lag.*waits for/)
  })

  test('a word that says nothing is an error with what may be meant', () => {
    expect(() => select(['index.public.c_idx'], building)).toThrow(/no action .* did you mean `index\.public\.a_idx`/)
    expect(() => select(['indices'], building)).toThrow(/did you mean `indexes`/)
    expect(() => select(['index.other.*'], building)).toThrow(/no action on the way is called so$/)
    expect(() => select(['(a+)+$*'], building)).toThrow(/no action/)
    expect(() => select([''], building)).toThrow(/no action/)
  })

  test('a part of another stage is refused with the stage', () => {
    expect(() => select(['sequences'], building)).toThrow('there is nothing of this on the way to replicating')
    expect(() => select(['indexes'], cutover, 'cutover')).toThrow('there is nothing of this on the way to cutover')
    expect(() => select(['keyless'], building)).toThrow('from where the databases are there is nothing of this')
  })

  test('what is done is no error, and nothing to do', () => {
    expect(ids(selectOnly({ words: ['analyze', 'verify'], stage: 'replicating', all: building, left: [] }))).toEqual([])
  })
})

describe('on the way to cutover', () => {
  test('sequences are set ahead of the pause, and no more', () => {
    expect(select(['sequences'], cutover, 'cutover')).toEqual(['sequences.ahead.target'])
    expect(select(['verify'], cutover, 'cutover')).toEqual(['dial.source', 'compare.cutover'])
  })

  test('keyless tables are copied as a rehearsal, which spares the pause nothing', () => {
    const [rehearsal, ...more] = selectOnly({ words: ['keyless'], stage: 'cutover', all: cutover, left: cutover })
    const real = cutover.find((a) => a.kind === 'copy-rows')
    expect(more).toEqual([])
    expect(rehearsal).toMatchObject({ id: 'rehearse.rows.public.notes', phase: 'before pause', after: [] })
    expect(rehearsal?.sql).toEqual(real?.sql)
    expect(
      rehearsal?.kind === 'copy-rows' && real?.kind === 'copy-rows' && [...rehearsal.marks, ...real.marks],
    ).toEqual(['rehearsed rows public.notes', expect.stringMatching(/^handover /)])
  })

  test('constraints that are NOT VALID can be made before the pause', () => {
    const [made, ...more] = selectOnly({ words: ['constraints'], stage: 'cutover', all: cutover, left: cutover })
    expect(more).toEqual([])
    expect(made).toMatchObject({ id: 'constraint.public.old_rows', phase: 'before pause', after: [] })
  })

  test('the pause itself is done whole or not at all', () => {
    expect(() => select(['fence.source'], cutover, 'cutover')).toThrow(
      'belongs to the write pause, which is done whole',
    )
    expect(() => select(['rows.*'], cutover, 'cutover')).toThrow('belongs to the write pause')
    expect(select(['*'], cutover, 'cutover')).toEqual(ids(cutover))
  })

  test('the plan says what was asked for and how much it leaves out', async () => {
    const plan = await planOf({ ...REPLICATING, only: ['sequences'] })
    expect(ids(plan.actions)).toEqual(['sequences.ahead.target'])
    expect(plan.only).toEqual(['sequences'])
    const others = `${String(cutover.length - 1)} other actions`
    expect(plan.deferred).toEqual([{ what: others, until: 'cutover', why: 'this plan was made with --only sequences' }])
    expect(Object.keys(plan.facts)).toEqual([])
  })

  test('hooks for giving up stand only in a plan that closes something', async () => {
    const hooks = 'hooks: { after_give_up: [{ name: resume, command: [resume] }] }\n'
    const situation = { ...REPLICATING, spec: `${REPLICATING.spec ?? ''}${hooks}` }
    expect((await planOf({ ...situation, only: ['verify'] })).ifGivenUp).toBeUndefined()
    expect((await planOf(situation)).ifGivenUp?.map((h) => h.hook)).toEqual(['resume'])
  })
})

test('whatever is selected waits for nothing outside, is in order and never holds part of a pause', () => {
  const cases = [
    { actions: building, stage: 'replicating' as const },
    { actions: cutover, stage: 'cutover' as const },
  ]
  const counts = { selected: 0, refused: 0 }
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      ({ actions, stage }, picks) => {
        const words = [...PARTS, ...ids(actions), 'index.*', '*lag*', '*']
        const chosen = picks.map((n) => words[n % words.length] ?? '')
        let selected: readonly Action[]
        try {
          selected = selectOnly({ words: chosen, stage, all: actions, left: actions })
        } catch (error) {
          counts.refused += 1
          expect(error).toMatchObject({ code: expect.stringMatching(/^only-/) })
          return
        }
        counts.selected += 1
        const there = new Set(ids(actions))
        const before = new Set<string>()
        for (const action of selected) {
          for (const id of action.after) if (there.has(id)) expect(before).toContain(id)
          before.add(action.id)
        }
        if (selected.length < actions.length) expect(selected.filter((a) => a.phase === 'pause')).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
  expect(Math.min(counts.selected, counts.refused)).toBeGreaterThan(20)
})
