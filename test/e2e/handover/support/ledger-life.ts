import { expect, onTestFinished } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../../src/core/quote.js'
import type { StartOptions } from '../../../../src/embedded/server.js'
import { checkLedger, doubleServing, pauses, type HandoverWindow } from '../../../support/ledger-check.js'
import type { ServingSide } from '../../../support/ledger-client.js'
import { LEDGER_SCHEMA, startLedger } from '../../../support/ledger.js'
import { random } from '../../../support/ledger-random.js'
import { sql, uniqueName } from '../../../support/databases.js'
import { migration } from './migration.js'
import type { DatabasePair } from '../../../support/servers.js'
import { ownPair } from './servers.js'
import { behind } from './stand.js'

export interface LedgerLife {
  readonly commits: number
  readonly pausesMs: readonly number[]
}

export interface LedgerServers {
  readonly from?: StartOptions
  readonly to?: StartOptions
  readonly engine?: 'native' | 'pglogical'
  /** Another tool has begun it, with the schema on both sides and under load; gives its replication role. */
  readonly takesOver?: (pair: DatabasePair) => Promise<{ readonly name: string; readonly password: string }>
}

/** Cutover, rollback and a second cutover while clients write all the time; fails unless every commit is there once. */
export async function ledgerLife(seed: number, on: LedgerServers = {}): Promise<LedgerLife> {
  const { source, target } = await ownPair('ledger', on.from, on.to)
  const app = { user: uniqueName('app'), password: uniqueName('password') }
  await sql(
    source,
    `${LEDGER_SCHEMA}
     create role ${quoteIdent(app.user)} login password ${quoteLiteral(app.password)};
     grant usage on schema public to ${quoteIdent(app.user)};
     grant all on all tables in schema public to ${quoteIdent(app.user)};
     grant all on all sequences in schema public to ${quoteIdent(app.user)}`,
  )
  const logins = { source: { ...source, ...app }, target: { ...target, ...app } }
  const ledger = startLedger(logins, { clients: 4, seed })
  onTestFinished(async () => {
    await ledger.stop().catch(() => [])
  })
  await ledger.progress(30)
  if (on.takesOver !== undefined) await sql(target, LEDGER_SCHEMA)
  const replication = await on.takesOver?.({ source, target })
  // A margin that the load uses up, so that exact values are needed too.
  const life = await migration(
    { source, target },
    {
      copyRoles: [app.user],
      ...(replication === undefined ? {} : { replication }),
      spec: { sequences: { margin: 3 }, engine: on.engine ?? 'native' },
    },
  )
  if (replication !== undefined) {
    await life.ask('replicating')
    const adopted = await life.belt('adopt', '--yes')
    expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0)
    await ledger.progress(30)
  }
  const chance = random(seed)
  const windows: HandoverWindow[] = []
  const handOver = async (to: ServingSide): Promise<void> => {
    const begunAt = Date.now()
    await life.reach(to === 'target' ? 'cutover' : 'rolled-back')
    windows.push({ from: to === 'target' ? 'source' : 'target', to, begunAt, endedAt: Date.now() })
    await ledger.progress(20 + Math.floor(chance() * 150))
  }
  await life.reach('replicating')
  await ledger.progress(20 + Math.floor(chance() * 150))
  await handOver('target')
  await handOver('source')
  await life.reach('replicating')
  await handOver('target')
  const commits = await ledger.stop()

  const nothing = { lost: [], strange: [], different: [], reused: [] }
  expect(await checkLedger(target, commits)).toEqual(nothing)
  expect(doubleServing(commits, windows)).toEqual([])
  expect(await behind(target, source)).toEqual([])
  const served = (side: ServingSide): number => commits.filter((c) => c.side === side).length
  expect(served('source')).toBeGreaterThan(80)
  expect(served('target')).toBeGreaterThan(40)
  // What only the pause carries stays behind on the side that does not serve.
  await expect.poll(async () => (await checkLedger(source, commits)).lost, { interval: 100 }).toEqual([])
  return { commits: commits.length, pausesMs: pauses(commits, windows) }
}
