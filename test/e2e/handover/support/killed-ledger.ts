import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Action } from '../../../../src/actions/action.js'
import { otherSide } from '../../../../src/core/side.js'
import type { Plan } from '../../../../src/plan/plan.js'
import type { State } from '../../../../src/state/state.js'
import { doubleServing, type HandoverWindow } from '../../../support/ledger-check.js'
import { sql } from '../../../support/databases.js'
import type { ServingSide } from '../../../support/ledger-client.js'
import { random } from '../../../support/ledger-random.js'
import type { BeltRun } from '../../../support/run-belt.js'
import { watchServing } from '../../../support/serving.js'
import { expectWhole, ledgerStand, type LedgerServers, type LedgerStand } from './ledger-stand.js'
import { letsIn } from './shop.js'
import { behind } from './stand.js'

/** What else a pause has actions for: a trigger that fires for replicated rows too, a constraint that old rows may break. */
const MORE = `
  create table noted (id bigserial primary key, tag text not null);
  create function note() returns trigger language plpgsql as
    $$ begin insert into public.noted (tag) values (new.tag); return null; end $$;
  create trigger noted after insert on ops for each row execute function note();
  alter table ops enable always trigger noted;
  alter table keyed add constraint keyed_positive check (value >= 0) not valid;
  create materialized view totals as select count(*) as n from keyed`

const NOT_NOTED_ONCE = `
  select tag from noted group by tag having count(*) <> 1
  union all select o.tag from ops as o where not exists (select from noted as n where n.tag = o.tag)`

const POINTS = ['after-intent', 'after-sql', 'after-record'] as const

export interface KilledLedger {
  readonly commits: number
  readonly handovers: number
  /** Runs of belt that were ended by SIGKILL, and those that came to an end of their own. */
  readonly kills: number
  readonly runs: number
  readonly givenUp: number
  /** How often somebody looked which side takes writes. */
  readonly looks: number
  /** Boundaries that no run came to. */
  readonly missed: readonly string[]
}

export interface Campaign extends LedgerServers {
  /** Handovers, beginning with a cutover; a cutover and a rollback in turn. */
  readonly handovers: number
  /**
   * `boundaries`: behind every action of a plan, at a point that moves on with each handover and the seed. `moments`: so
   * many times a handover whenever chance says so, which is in the middle of anything, a give-up too.
   */
  readonly kill: 'boundaries' | { readonly moments: number }
  readonly longestWaitMs?: number
}

interface Count {
  kills: number
  runs: number
  givenUp: number
  readonly missed: string[]
}

interface Walk {
  readonly stand: LedgerStand
  readonly campaign: Campaign
  readonly chance: () => number
  readonly count: Count
}

/**
 * Hands over again and again while clients write all the time and belt is killed by SIGKILL; the same plan is applied
 * again each time until the stage is reached. Fails unless every commit is there once and one side served at a time.
 */
export async function killedLedger(seed: number, campaign: Campaign): Promise<KilledLedger> {
  const stand = await ledgerStand(seed, { clients: { clients: 4, knockMs: 100 }, schema: MORE, ...campaign })
  const { ledger, life, logins } = stand
  const chance = random(seed)
  const count: Count = { kills: 0, runs: 0, givenUp: 0, missed: [] }
  const windows: HandoverWindow[] = []
  await life.reach('replicating')
  await ledger.progress(40)
  const watch = watchServing(logins, `insert into keyless values ('a look', 0)`)
  onTestFinished(async () => {
    await watch.stop().catch(() => [])
  })
  for (let number = 0; number < campaign.handovers; number++) {
    const to = number % 2 === 0 ? 'target' : 'source'
    if (to === 'target' && number > 0) await life.reach('replicating')
    const begunAt = Date.now()
    await handOver({ stand, campaign, chance, count }, to, seed + number)
    windows.push({ from: otherSide(to), to, begunAt, endedAt: Date.now() })
    await ledger.progress(20 + Math.floor(chance() * 100))
  }
  const taken = await watch.stop()
  const commits = await ledger.stop()
  expect(doubleServing(taken, windows)).toEqual([])
  const serving = campaign.handovers % 2 === 1 ? 'target' : 'source'
  await expectWhole(stand, serving, commits, windows)
  expect(await sql(stand[serving], NOT_NOTED_ONCE)).toEqual([])
  return { ...count, commits: commits.length, handovers: campaign.handovers, looks: watch.looks() }
}

async function handOver(walk: Walk, to: ServingSide, turn: number): Promise<void> {
  const { stand, campaign, chance, count } = walk
  const { life, ledger } = stand
  const stage = to === 'target' ? 'cutover' : 'rolled-back'
  await life.ask(stage)
  const plan = await life.plan()
  const left = faultsOf(plan, campaign, turn)
  const moments = campaign.kill === 'boundaries' ? 0 : campaign.kill.moments
  let atMoments = 0
  for (;;) {
    const fault = await nextFault(walk, plan, left)
    const run =
      fault !== undefined
        ? await life.killedAt(fault, 'apply', 'plan.json')
        : atMoments++ < moments
          ? await killedWhenever(walk)
          : await life.belt('apply', 'plan.json')
    count.runs += 1
    const said = `${fault ?? 'no fault'} of ${stage}: ${String(run.code)} ${run.stdout}${run.stderr}`
    if (run.signal === 'SIGKILL') {
      count.kills += 1
      await delay(chance() * (campaign.longestWaitMs ?? 700))
      continue
    }
    if (run.code === 0) {
      if (fault !== undefined) count.missed.push(`${fault} of ${stage}`, ...left.map((l) => `${l} of ${stage}`))
      break
    }
    // Only a pause that is spent may end so, which a campaign with a long one does not have.
    expect(run, said).toMatchObject({ code: 4 })
    expect(run.stderr, said).toContain('handover-given-up')
    count.givenUp += 1
    await expectServes(stand, otherSide(to), said)
    await ledger.progress(10)
    // A busy machine may need longer than that for the pause itself.
    if (atMoments > moments) await life.ask(stage, true, { cutover: { max_pause: '10m' } })
    await life.plan()
  }
  await expectServes(stand, to, `after ${stage}`)
  expect(await behind(stand[to], stand[otherSide(to)])).toEqual([])
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
}

async function expectServes({ logins, source, target }: LedgerStand, side: ServingSide, said: string): Promise<void> {
  const { user: name, password } = logins.source
  const open = {
    source: await letsIn(source, { name, password }),
    target: await letsIn(target, { name, password }),
  }
  expect(open, said).toEqual({ source: side === 'source', target: side === 'target' })
}

/** With pglogical the subscription of the way back runs already, and a dropped one takes its slot along. */
const DONE_BY_ITSELF = /^(start\.subscription|drop\.slot)\./

/** One boundary of each action, in the order in which they are carried out. */
function faultsOf(plan: Plan, { kill, engine }: Campaign, turn: number): string[] {
  if (kill !== 'boundaries') return []
  return plan.actions
    .filter(({ id }) => engine !== 'pglogical' || !DONE_BY_ITSELF.test(id))
    .map(({ id }, index) => `${POINTS[(index + turn) % POINTS.length] ?? 'after-sql'}:${id}`)
}

/** Copies go side by side: one that was done beside another that belt was killed behind is not begun again. */
async function nextFault({ stand }: Walk, plan: Plan, left: string[]): Promise<string | undefined> {
  for (;;) {
    const fault = left.shift()
    const action = plan.actions.find((a) => a.id === fault?.slice(fault.indexOf(':') + 1))
    if (action?.kind !== 'copy-rows' || !(await isDone(stand, action))) return fault
  }
}

async function isDone({ life }: LedgerStand, { id }: Action): Promise<boolean> {
  const shown = await life.belt('state', 'show', '--json')
  const { actions, run } = JSON.parse(shown.stdout) as State
  return actions[id]?.status === 'done' && actions[id].plan === run?.plan
}

/**
 * Half of them soon after the fence falls, however slow the machine is, so that the next run finds a pause begun; the
 * others from before it has connected to after it is done.
 */
async function killedWhenever({ stand, chance }: Walk): Promise<BeltRun> {
  const running = await stand.life.start('apply', 'plan.json')
  const ended = new AbortController()
  const inPause = chance() < 0.5
  const afterMs = chance() * (inPause ? 800 : 2_500)
  // A run that ends before is as good: it has given up, or is done.
  const begun = inPause ? running.saw('close to applications') : Promise.resolve()
  const killing = begun
    .then(() => delay(afterMs, undefined, { signal: ended.signal }))
    .then(
      () => {
        running.kill()
      },
      () => undefined,
    )
  const run = await running.done
  ended.abort()
  await killing
  return run
}

/** What a campaign amounted to, for whoever runs it. */
export function told(seed: number, all: KilledLedger): void {
  const numbers = Object.entries(all).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? String(value.length) : String(value)}`,
  )
  process.stdout.write(`seed ${String(seed)}: ${numbers.join(', ')}\n`)
}
