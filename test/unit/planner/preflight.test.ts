import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/core/diagnostic.js'
import { findingCodes } from '../docs/finding-codes.js'
import { findingsOf, planOf } from './support/planned.js'
import { HANDOVER_TROUBLES } from './support/troubles/handover.js'
import { NO_TROUBLES } from './support/troubles/none.js'
import { AS_PUBLISHED, PART_TROUBLES } from './support/troubles/part.js'
import { PGLOGICAL_TROUBLES } from './support/troubles/pglogical.js'
import { REPLICATION_TROUBLES } from './support/troubles/replication.js'
import { RESTART_TROUBLES } from './support/troubles/restart.js'
import { ROLE_TROUBLES } from './support/troubles/role.js'
import { SCHEMA_TROUBLES } from './support/troubles/schema.js'
import { SERVER_TROUBLES } from './support/troubles/server.js'
import { STREAM_TROUBLES } from './support/troubles/stream.js'
import { TABLE_TROUBLES } from './support/troubles/table.js'
import type { Trouble } from './support/troubles/trouble.js'

const GROUPS: Readonly<Record<string, readonly Trouble[]>> = {
  'servers and connections': SERVER_TROUBLES,
  replication: REPLICATION_TROUBLES,
  pglogical: PGLOGICAL_TROUBLES,
  'privileges and roles': ROLE_TROUBLES,
  tables: TABLE_TROUBLES,
  'parts of tables': PART_TROUBLES,
  'scope and schema': SCHEMA_TROUBLES,
  handover: HANDOVER_TROUBLES,
  restart: RESTART_TROUBLES,
  'streams that fail': STREAM_TROUBLES,
}

const TROUBLES = Object.values(GROUPS).flat()

function text(d: Diagnostic): string {
  return `${d.severity} ${d.code}${d.side === undefined ? '' : ` (${d.side})`}: ${d.message}`
}

function codeOf({ says }: Trouble): string {
  return /^\w+ ([\w-]+)/.exec(says)?.[1] ?? says
}

describe.each(Object.entries(GROUPS))('%s', (_, troubles) => {
  test.each(troubles.map((t) => [t.says, t] as const))('%s', async (says, { situation, fix }) => {
    const found = await findingsOf(situation)
    const match = found.find((d) => text(d).startsWith(says))
    expect(match, found.map(text).join('\n')).toBeDefined()
    if (fix !== undefined) expect(match?.fix).toContain(fix)
  })
})

test('a part that stands as belt has published it is no trouble, however the server prints its filter', async () => {
  const found = await findingsOf(AS_PUBLISHED)
  expect(found.map((d) => d.code)).not.toContain('replication-broken')
})

test('every finding of the planner and the engines is provoked by one of these', () => {
  const provoked = new Set(TROUBLES.map(codeOf))
  expect([...findingCodes().diagnostics.keys()].filter((code) => !provoked.has(code))).toEqual([])
})

describe('no trouble', () => {
  test.each(Object.entries(NO_TROUBLES))('%s', async (_, situation) => {
    // Whose server it is, is no trouble.
    expect((await findingsOf(situation)).filter((d) => d.code !== 'provider').map(text)).toEqual([])
  })
})

test('a plan with errors has no actions, and one without has some', async () => {
  expect((await planOf({})).actions.length).toBeGreaterThan(0)
  for (const { situation, says } of TROUBLES) {
    const plan = await planOf(situation)
    const errors = plan.diagnostics.filter((d) => d.severity === 'error')
    expect(plan.actions.length === 0, says).toBe(errors.length > 0)
  }
})
