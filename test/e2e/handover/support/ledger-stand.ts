import { expect, onTestFinished } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../../src/core/quote.js'
import type { StartOptions } from '../../../../src/embedded/server.js'
import { otherSide } from '../../../../src/core/side.js'
import { checkLedger, doubleServing, type HandoverWindow } from '../../../support/ledger-check.js'
import type { Commit, ServingSide } from '../../../support/ledger-client.js'
import { LEDGER_SCHEMA, startLedger, type Ledger, type LedgerOptions } from '../../../support/ledger.js'
import { sql, uniqueName, type Login } from '../../../support/databases.js'
import type { DatabasePair } from '../../../support/servers.js'
import { migration, type Migration } from './migration.js'
import { ownPair } from './servers.js'
import { behind } from './stand.js'

export interface LedgerServers {
  readonly from?: StartOptions
  readonly to?: StartOptions
  readonly engine?: 'native' | 'pglogical'
  /** Another tool has begun it, with the schema on both sides and under load; gives its replication role. */
  readonly takesOver?: (pair: DatabasePair) => Promise<{ readonly name: string; readonly password: string }>
  /** More tables and the like, made behind the ledger's. */
  readonly schema?: string
  /** More of the spec. */
  readonly spec?: Readonly<Record<string, unknown>>
  readonly clients?: Omit<LedgerOptions, 'seed'>
}

export interface LedgerStand extends DatabasePair {
  /** As the application logs in. */
  readonly logins: Readonly<Record<ServingSide, Login>>
  readonly ledger: Ledger
  readonly life: Migration
}

/** A migration to be, with clients writing to its source all the time. */
export async function ledgerStand(seed: number, on: LedgerServers): Promise<LedgerStand> {
  const { source, target } = await ownPair('ledger', on.from, on.to)
  const app = { user: uniqueName('app'), password: uniqueName('password') }
  await sql(
    source,
    `${LEDGER_SCHEMA} ${on.schema ?? ''};
     create role ${quoteIdent(app.user)} login password ${quoteLiteral(app.password)};
     grant usage on schema public to ${quoteIdent(app.user)};
     grant all on all tables in schema public to ${quoteIdent(app.user)};
     grant all on all sequences in schema public to ${quoteIdent(app.user)}`,
  )
  const logins = { source: { ...source, ...app }, target: { ...target, ...app } }
  const ledger = startLedger(logins, { clients: 4, ...on.clients, seed })
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
      spec: { sequences: { margin: 3 }, engine: on.engine ?? 'native', ...on.spec },
    },
  )
  if (replication !== undefined) {
    await life.ask('replicating')
    const adopted = await life.belt('adopt', '--yes')
    expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0)
    await ledger.progress(30)
  }
  return { source, target, logins, ledger, life }
}

/** When the clients have stopped: every commit of theirs is there once, and was taken by the side that served. */
export async function expectWhole(
  stand: LedgerStand,
  serving: ServingSide,
  commits: readonly Commit[],
  windows: readonly HandoverWindow[],
): Promise<void> {
  const [here, there] = [stand[serving], stand[otherSide(serving)]]
  expect(await checkLedger(here, commits)).toEqual({ lost: [], strange: [], different: [], reused: [] })
  expect(doubleServing(commits, windows)).toEqual([])
  expect(await behind(here, there)).toEqual([])
  // What only the pause carries stays behind on the side that does not serve.
  await expect.poll(async () => (await checkLedger(there, commits)).lost, { interval: 100 }).toEqual([])
}
