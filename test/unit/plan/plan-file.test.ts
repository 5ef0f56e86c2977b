import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/core/fingerprint.js'
import { checkIdentity } from '../../../src/plan/identity.js'
import { planDigest } from '../../../src/plan/plan-digest.js'
import { parsePlan, planText, readPlanFile, writePlanFile } from '../../../src/plan/plan-file.js'
import type { Plan, ServerIdentity } from '../../../src/plan/plan.js'
import { prettyJson } from '../../../src/plan/pretty-json.js'

const server = (host: string): ServerIdentity => ({
  systemIdentifier: `70${host}`,
  database: 'shop',
  host,
  port: 5432,
  major: 15,
  version: '15.20',
})

const PLAN: Plan = {
  format: 'belt-plan/1',
  name: 'shop',
  lineage: '0123456789abcdef',
  engine: 'native',
  from: 'absent',
  to: 'replicating',
  specDigest: 'x',
  source: server('1'),
  target: server('2'),
  actions: [],
  facts: {},
  deferred: [],
  diagnostics: [],
  volatile: { createdAt: '2026-11-05T10:15:00Z', estimates: {}, activity: [], copyRows: 1, copyBytes: 2 },
}

describe('a saved plan', () => {
  test('comes back as it was written', async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'plan-')), 'shop.json')
    const digest = await writePlanFile(file, PLAN)
    expect(await readPlanFile(file)).toEqual({ plan: PLAN, digest })
    expect(await readFile(file, 'utf8')).toBe(planText(PLAN))
  })

  test('is written over another plan and over nothing else', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'plan-'))
    const [spec, plan] = [path.join(folder, 'belt.yaml'), path.join(folder, 'plan.json')]
    await writeFile(spec, 'version: 1\n')
    await expect(writePlanFile(spec, PLAN)).rejects.toMatchObject({ code: 'plan-over' })
    expect(await readFile(spec, 'utf8')).toBe('version: 1\n')
    await writePlanFile(plan, PLAN)
    await writePlanFile(plan, { ...PLAN, name: 'other' })
    expect((await readPlanFile(plan)).plan.name).toBe('other')
  })

  test('has a digest that what changes by itself does not touch', () => {
    expect(planDigest({ ...PLAN, volatile: { ...PLAN.volatile, copyRows: 7 } })).toBe(planDigest(PLAN))
    expect(planDigest({ ...PLAN, name: 'other' })).not.toBe(planDigest(PLAN))
  })

  test('is refused when somebody has altered it', () => {
    const altered = planText(PLAN).replace('"replicating"', '"prepared"')
    expect(() => parsePlan(altered, 'shop.json')).toThrow(expect.objectContaining({ code: 'plan-altered' }))
  })

  test.each([
    ['not JSON', '{', 'plan-damaged'],
    ['a list', '[]', 'plan-damaged'],
    ['something else', '{"format":"terraform"}', 'plan-format'],
    ['a plan of a later belt', '{"format":"belt-plan/9"}', 'plan-format'],
    ['half a plan', '{"format":"belt-plan/1"}', 'plan-damaged'],
  ])('is told from %s', (_, text, code) => {
    expect(() => parsePlan(text, 'shop.json')).toThrow(expect.objectContaining({ code }))
  })

  test('that is not there says how to make it', async () => {
    const file = path.join(os.tmpdir(), 'no-such-folder', 'plan.json')
    await expect(readPlanFile(file)).rejects.toMatchObject({
      code: 'plan-missing',
      hint: `Make it: belt plan --out ${file}`,
    })
    await expect(readPlanFile(os.tmpdir())).rejects.toMatchObject({ code: 'plan-unreadable' })
  })

  test('with Windows line ends is still the plan', async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'plan-')), 'crlf.json')
    await writeFile(file, planText(PLAN).replaceAll('\n', '\r\n'))
    expect((await readPlanFile(file)).plan).toEqual(PLAN)
  })
})

test('pretty JSON says the same as canonical JSON, whatever the order of the keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(JSON.parse(prettyJson(value)))).toBe(canonicalJson(JSON.parse(JSON.stringify(value))))
    }),
  )
  expect(prettyJson({ b: 1, a: { d: undefined, c: 2 } })).toBe('{\n  "a": {\n    "c": 2\n  },\n  "b": 1\n}\n')
})

test('a plan is refused on another cluster or database, naming both', () => {
  const found = (systemIdentifier: string, name: string) => ({ server: { systemIdentifier }, database: { name } })
  const inspection = (source: object) =>
    ({ source, target: found('702', 'shop') }) as Parameters<typeof checkIdentity>[1]
  expect(() => checkIdentity(PLAN, inspection(found('701', 'shop')))).not.toThrow()
  expect(() => checkIdentity(PLAN, inspection(found('999', 'toys')))).toThrow(
    'the plan was made for another source: this is cluster 999 instead of 701 and database toys instead of shop',
  )
})
