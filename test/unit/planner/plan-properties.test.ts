import { fc } from '../../support/properties.js'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Inspection } from '../../../src/catalog/inspection.js'
import { factsOf } from '../../../src/catalog/facts.js'
import { canonicalJson } from '../../../src/core/fingerprint.js'
import type { Plan } from '../../../src/plan/plan.js'
import { planMigration } from '../../../src/planner/plan-migration.js'
import type { Spec } from '../../../src/spec/spec.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import { emptyCatalog } from './support/catalog.js'
import { NOW } from './support/planned.js'
import { randomDatabases } from './support/random-catalog.js'
import type { RandomDatabase } from './support/random-catalog.js'

describe('of any database', () => {
  let base: Spec
  beforeAll(async () => {
    base = await loadGood(MINIMAL)
  })

  const inspectionOf = (source: RandomDatabase, target: Partial<RandomDatabase>): Inspection => ({
    source: { ...emptyCatalog('source', 15), ...source },
    target: { ...emptyCatalog('target', 17), ...target },
    sameCluster: false,
    replicationLogin: { source: 'no-such-role', target: 'no-such-role' },
  })

  const plan = (inspection: Inspection, copy: readonly string[]): Plan =>
    planMigration({ spec: { ...base, roles: { ...base.roles, copy } }, inspection, state: undefined, now: NOW })

  test('every object of the source is made by exactly one action or left for cutover, and ids are unique', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database, roles }) => {
        const { actions, deferred, diagnostics } = plan(inspectionOf(database, {}), roles)
        expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
        expect(new Set(actions.map((a) => a.id)).size).toBe(actions.length)
        const made = actions.flatMap((a) => ('makes' in a ? a.makes : []))
        expect(new Set(made).size).toBe(made.length)
        const off = new Set(deferred.map((d) => d.what))
        const keys = database.script.objects.map((o) => o.key)
        expect(keys.filter((key) => !made.includes(key) && !off.has(key))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('no action stands before one that it waits for', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database, roles }) => {
        const seen = new Set<string>()
        for (const { id, after } of plan(inspectionOf(database, {}), roles).actions) {
          expect(after.filter((before) => !seen.has(before))).toEqual([])
          seen.add(id)
        }
      }),
    )
  })

  test('the same look gives the same plan, byte for byte', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database, roles }) => {
        const look = inspectionOf(database, {})
        const { volatile: _, ...first } = plan(look, roles)
        const { volatile: __, ...second } = plan(JSON.parse(JSON.stringify(look)) as Inspection, roles)
        expect(canonicalJson(second)).toBe(canonicalJson(first))
      }),
    )
  })

  test('a target that equals the source lacks no role and no object', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database, roles }) => {
        const { actions, diagnostics } = plan(inspectionOf(database, database), roles)
        expect(diagnostics.filter((d) => d.severity === 'error' || d.code === 'object-differs')).toEqual([])
        const making = ['create-object', 'create-index', 'copy-role', 'grant-membership', 'validate-constraint']
        expect(actions.filter((a) => making.includes(a.kind)).map((a) => a.id)).toEqual([])
      }),
    )
  })

  test('facts of different things have different names', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database }) => {
        const { source } = inspectionOf(database, {})
        const beside = source.tables.length * 2 + source.roles.length + Object.keys(source.server.settings).length + 3
        expect(factsOf(source).size).toBe(source.script.objects.length + beside)
      }),
    )
  })
})
