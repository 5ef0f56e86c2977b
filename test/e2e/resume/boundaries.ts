import pg from 'pg'
import { expect } from 'vitest'
import type { Action, ActionKind } from '../../../src/actions/action.js'
import type { Boundary } from '../../../src/apply/apply-input.js'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { logStatements } from '../../support/statement-log.js'
import { Schedule } from '../../../src/apply/schedule.js'
import type { EmbeddedMajor } from '../../../src/embedded/versions.js'
import { SIDES } from '../../../src/core/side.js'
import { expectConverged } from './converged.js'
import { everyKind } from './every-kind.js'
import { moveBetween, type Move } from './move.js'

/** How often an action that has no trace in the catalogs is carried out again after it was killed behind its SQL. */
const REPEATED: ReadonlySet<ActionKind> = new Set(['analyze-tables', 'try-dial', 'await-lag', 'verify-rows'])

export interface KillPlan {
  /** Boundaries at which each chosen action is killed, in this order. */
  readonly points: readonly Boundary[]
  /**
   * `kind`: the first action of each kind; `action`: every one. Before the intent things stand as the action before left
   * them, whatever comes next, so of kinds only a few are killed there.
   */
  readonly each: 'kind' | 'action'
  /** 15 to 17 unless said. */
  readonly majors?: readonly [from: EmbeddedMajor, to: EmbeddedMajor]
}

const BEFORE_INTENT: ReadonlySet<ActionKind> = new Set([
  'create-records',
  'create-slot',
  'create-subscription',
  'refresh-subscription',
  'verify-rows',
])

/**
 * One migration from an empty target to a second table added later, for which the same apply is run again and again,
 * each time killed with SIGKILL at the next point. Gives the kinds that were killed.
 */
export async function killAtBoundaries({
  points,
  each,
  majors: [from, to] = [15, 17],
}: KillPlan): Promise<ReadonlySet<ActionKind>> {
  const databases = await pair(from, to, 'kill')
  const roles = await everyKind(databases.source)
  const move = await moveBetween(databases, { copyRoles: [roles.owner, roles.reader], more: [ONE_BY_ONE] })
  const killed = new Set<ActionKind>()
  const chosen = (actions: readonly Action[]): readonly Action[] =>
    actions.filter(
      (a, i) => each === 'action' || (!killed.has(a.kind) && actions.findIndex((b) => b.kind === a.kind) === i),
    )
  const pointsOf = ({ kind }: Action): readonly Boundary[] =>
    points.filter((point) => point !== 'before-intent' || each === 'action' || BEFORE_INTENT.has(kind))
  await killAndFinish(move, 'plan.json', 'orders', chosen, pointsOf, killed)
  await expectConverged(move)

  await sql(
    move.source,
    `create table later (id bigint primary key, what text); insert into later select i, 'l' from generate_series(1, 30) as i`,
  )
  await killAndFinish(move, 'later.json', 'later', chosen, pointsOf, killed)
  await expectConverged(move)
  return killed
}

async function killAndFinish(
  move: Move,
  file: string,
  copied: string,
  chosen: (actions: readonly Action[]) => readonly Action[],
  pointsOf: (action: Action) => readonly Boundary[],
  killed: Set<ActionKind>,
): Promise<void> {
  // The log is a setting of the database: turned on later, it would make the plan stale.
  const log = { source: await logStatements(move.source), target: await logStatements(move.target) }
  const { actions } = await move.plan(file)
  const repeated = new Map<string, number>()
  const copy = await holdCopy(move, copied)
  const victims = chosen(inOrder(actions))
  const copies = victims.some((a) => a.kind === 'await-copy')
  for (const action of victims) {
    const begins = action.kind === 'create-subscription' || action.kind === 'refresh-subscription'
    if (copies && begins) await copy.hold()
    for (const point of pointsOf(action)) {
      const running = await move.startWith({ BELT_FAULT: `${point}:${action.id}` }, 'apply', file)
      if (action.kind === 'await-copy' && point.startsWith('after-')) {
        await running.saw(action.title)
        if (point !== 'after-intent') await copy.release()
      }
      const run = await running.done
      expect(run, `${point} ${action.id}\n${run.stderr}`).toMatchObject({ code: null, signal: 'SIGKILL' })
      if (point === 'after-sql' && REPEATED.has(action.kind))
        repeated.set(action.id, (repeated.get(action.id) ?? 0) + 1)
    }
    killed.add(action.kind)
  }
  await copy.end()
  const last = await move.belt('apply', file)
  expect(last, last.stderr).toMatchObject({ code: 0 })
  for (const side of SIDES) {
    const ran = (await log[side]())
      .filter((s) => s.applicationName.startsWith(`belt/${move.name}/`))
      .map((s) => s.statement)
    for (const action of actions.filter((a) => a.side === side && a.secrets.length === 0)) {
      for (const statement of new Set(action.sql)) {
        const times = ran.filter((s) => s === statement).length
        const wanted = action.sql.filter((s) => s === statement).length * (1 + (repeated.get(action.id) ?? 0))
        expect(times, `${action.id}: ${statement}`).toBe(wanted)
      }
    }
  }
}

/** Two actions at once would make it chance which of them is done when belt is killed at the other. */
const ONE_BY_ONE = 'indexes: { max_stall: 0s, jobs: 1 }'

/** The order in which they are carried out one by one. */
function inOrder(actions: readonly Action[]): readonly Action[] {
  const schedule = new Schedule(actions, 1)
  const order: Action[] = []
  for (let next = schedule.take(); next !== undefined; next = schedule.take()) {
    order.push(next)
    schedule.finish(next.id)
  }
  return order
}

interface CopyHold {
  hold(): Promise<void>
  release(): Promise<void>
  end(): Promise<void>
}

/** The subscription copies on while belt is dead, so the copy of one table is held up until belt has looked at it. */
async function holdCopy({ target }: Move, table: string): Promise<CopyHold> {
  const { host, port, user, password, database } = target
  const blocker = new pg.Client({ host, port, user, password, database })
  await blocker.connect()
  return {
    hold: async () => {
      await blocker.query(`begin; lock table ${table} in share mode`)
    },
    release: async () => {
      await blocker.query('rollback')
    },
    end: () => blocker.end(),
  }
}
