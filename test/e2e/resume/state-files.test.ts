import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { State } from '../../../src/state/state.js'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { logStatements } from '../../support/statement-log.js'
import { expectConverged } from './converged.js'
import { CONCURRENT_INDEXES, everyKind, smallShop } from './every-kind.js'
import { moveBetween, type Move } from './move.js'
import { tearJournal } from './tear-journal.js'

async function newMove(name: string): Promise<Move> {
  const databases = await pair(15, 17, name)
  await smallShop(databases.source)
  return moveBetween(databases, { more: [CONCURRENT_INDEXES] })
}

it('recovers a journal that was torn at any byte, as of the last whole line', async () => {
  await tearJournal({ numRuns: 40 })
})

it('tells what is wrong with a state it cannot use, and leaves it as it is', async () => {
  const move = await newMove('damaged')
  await move.plan()
  expect(await move.killedAt('after-record:publication.source', 'apply', 'plan.json')).toMatchObject({
    signal: 'SIGKILL',
  })
  const [right, log] = [await readFile(move.statePath, 'utf8'), `${move.statePath}.log`]
  const journal = await readFile(log, 'utf8')
  const state = JSON.parse(right) as State
  const cases: readonly {
    readonly state?: string
    readonly log?: string
    readonly code: string
    readonly says: string
  }[] = [
    {
      state: JSON.stringify({ ...state, lineage: '0123456789abcdef' }),
      code: 'state-other-lineage',
      says: 'another migration',
    },
    { state: JSON.stringify({ ...state, format: 'belt-state/2' }), code: 'state-newer', says: 'belt-state/2' },
    { state: right.slice(0, right.length / 2), code: 'state-damaged', says: 'not JSON' },
    { state: JSON.stringify({ ...state, serial: 'x' }), code: 'state-damaged', says: '/serial' },
    { log: journal.replace('{"serial"', '{"serialx"'), code: 'state-damaged', says: 'line 1' },
    { log: journal.split('\n').toSpliced(2, 1).join('\n'), code: 'state-damaged', says: 'jumps' },
  ]
  for (const wrong of cases) {
    await writeFile(move.statePath, wrong.state ?? right)
    await writeFile(log, wrong.log ?? journal)
    for (const command of [
      ['apply', 'plan.json'],
      ...(wrong === cases[0] ? [['plan'], ['drift'], ['status']] : [['plan']]),
    ]) {
      const run = await move.belt(...command)
      expect(run, `${command.join(' ')} ${wrong.code}\n${run.stderr}`).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`(${wrong.code})`) as string,
      })
      expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain(wrong.says)
    }
    expect(await readFile(move.statePath, 'utf8')).toBe(wrong.state ?? right)
    expect(await readFile(log, 'utf8')).toBe(wrong.log ?? journal)
  }
  await writeFile(move.statePath, right)
  await writeFile(log, journal)
  expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await expectConverged(move)
})

it('does nothing again when the state file is lost', async () => {
  const databases = await pair(15, 17, 'lost')
  const roles = await everyKind(databases.source)
  const move = await moveBetween(databases, { copyRoles: [roles.owner, roles.reader], more: [CONCURRENT_INDEXES] })
  const log = { source: await logStatements(move.source), target: await logStatements(move.target) }
  const lose = (): Promise<void> => rm(path.dirname(move.statePath), { recursive: true })
  const { actions } = await move.plan()
  const points = [
    'after-sql:grants.source.replication',
    'after-sql:table.public.orders',
    'after-sql:slot.source',
    'after-sql:analyze.target',
  ]
  for (const point of points) {
    expect(await move.killedAt(point, 'apply', 'plan.json'), point).toMatchObject({ signal: 'SIGKILL' })
    await lose()
    await move.plan()
  }
  expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await lose()
  const rest = await move.plan()
  expect(rest.actions.map((a) => a.kind)).toEqual(['analyze-tables', 'try-dial', 'await-lag', 'verify-rows'])
  expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await expectConverged(move)
  const ran = [...(await log.source()), ...(await log.target())]
    .filter((s) => s.applicationName.startsWith(`belt/${move.name}/`))
    .map((s) => s.statement)
  const once = actions
    .filter((a) => a.secrets.length === 0 && !['analyze-tables', 'verify-rows'].includes(a.kind))
    .flatMap((a) => a.sql)
  for (const statement of once) {
    const times = (all: readonly string[]): number => all.filter((s) => s === statement).length
    expect([statement, times(ran)]).toEqual([statement, times(once)])
  }
  expect(await sql(move.source, 'select from pg_replication_slots where database = current_database()')).toHaveLength(1)
})
