import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { SIDES, type Side } from '../../../src/core/side.js'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { logStatements, type LoggedStatement } from '../../support/statement-log.js'
import { catalogOf } from '../resume/catalog-digest.js'
import { CONCURRENT_INDEXES, everyKind } from '../resume/every-kind.js'
import { moveBetween } from '../resume/move.js'
import { isReading, OWN } from './own-statements.js'

interface Logs {
  readonly source: () => Promise<readonly LoggedStatement[]>
  readonly target: () => Promise<readonly LoggedStatement[]>
}

/** A plan's statement as the server gets it: a placeholder stands for any text. */
function matcher(statement: string): RegExp {
  const parts = statement.split(/\$\{secret:[^}]*\}/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`)
}

async function strangers(
  log: Logs,
  actions: readonly Action[],
  from: Readonly<Record<Side, number>>,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const side of SIDES) {
    const planned = actions.filter((a) => a.side === side).flatMap((a) => [...a.sql, ...('clear' in a ? a.clear : [])])
    const exact = new Set(planned)
    const patterns = planned.filter((s) => s.includes('${secret:')).map(matcher)
    for (const { applicationName, statement } of (await log[side]()).slice(from[side])) {
      // Replication workers and walsenders name themselves after the subscription.
      if (!applicationName.startsWith('belt/') && applicationName !== 'pg_dump') continue
      if (exact.has(statement) || patterns.some((p) => p.test(statement))) continue
      if (isReading(statement) || OWN.some((own) => own.test(statement))) continue
      found.push(`${side}: ${statement}`)
    }
  }
  return found
}

it('sends no statement that changes anything but those of the plan, failures and repairs included', async () => {
  const databases = await pair(15, 17, 'fidelity')
  const roles = await everyKind(databases.source)
  const move = await moveBetween(databases, { copyRoles: [roles.owner, roles.reader], more: [CONCURRENT_INDEXES] })
  const log: Logs = { source: await logStatements(move.source), target: await logStatements(move.target) }
  const before = { source: await catalogOf(move.source), target: await catalogOf(move.target) }

  const first = await move.plan()
  for (const command of [
    ['plan'],
    ['drift'],
    ['status'],
    ['validate'],
    ['show', 'plan.json'],
    ['state', 'lock'],
    ['apply'],
  ])
    await move.belt(...command)
  for (const side of SIDES) {
    const ran = await log[side]()
    expect(ran.length).toBeGreaterThan(0)
    expect(ran.filter((s) => !isReading(s.statement) && !OWN.some((own) => own.test(s.statement)))).toEqual([])
    expect(await catalogOf(move[side])).toEqual(before[side])
  }

  const at = { source: (await log.source()).length, target: (await log.target()).length }
  expect(await move.killedAt('after-sql:index.public.orders_customer_idx', 'apply', 'plan.json')).toMatchObject({
    signal: 'SIGKILL',
  })
  // An INVALID index, as an interrupted build leaves it behind.
  await sql(move.target, `update pg_index set indisvalid = false where indexrelid = 'orders_customer_idx'::regclass`)
  expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  expect(await strangers(log, first.actions, at)).toEqual([])
  const ran = (await log.target()).slice(at.target).map((s) => s.statement)
  expect(ran.filter((s) => s.toLowerCase().startsWith('drop index'))).toHaveLength(1)

  const then = { source: (await log.source()).length, target: (await log.target()).length }
  await sql(move.source, 'create table later (id bigint primary key); insert into later values (1)')
  const second = await move.plan('later.json')
  expect(await move.belt('apply', 'later.json')).toMatchObject({ code: 0 })
  expect(await strangers(log, second.actions, then)).toEqual([])

  const stood = { source: await catalogOf(move.source), target: await catalogOf(move.target) }
  const end = { source: (await log.source()).length, target: (await log.target()).length }
  for (const command of [
    ['plan', '--out', 'none.json'],
    ['drift'],
    ['status'],
    ['state', 'show'],
    ['apply', '--yes'],
  ]) {
    expect(await move.belt(...command)).toMatchObject({ code: 0 })
  }
  expect(await strangers(log, [], end)).toEqual([])
  for (const side of SIDES) expect(await catalogOf(move[side])).toEqual(stood[side])
  await rm(path.join(move.cwd, 'none.json'))
  expect(JSON.parse(await readFile(path.join(move.cwd, 'plan.json'), 'utf8'))).toMatchObject({ name: move.name })
})
