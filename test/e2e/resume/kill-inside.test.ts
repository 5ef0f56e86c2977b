import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { freshDatabase, sql, withClient } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { logStatements } from '../../support/statement-log.js'
import { expectConverged } from './converged.js'
import { CONCURRENT_INDEXES, smallShop } from './every-kind.js'
import { sessionsOf, whileHeld, type Hold } from './held.js'
import { moveBetween, type Move } from './move.js'

/** Each is what somebody else does; all of them leave the data as it is. */
const HOLDS: readonly (Hold & { readonly name: string; readonly once: string })[] = [
  {
    name: 'the creation of the slot, held up by an open write transaction',
    before: 'slot.source',
    on: 'source',
    by: `insert into waiting values (-1, 'never committed')`,
    once: 'pg_create_logical_replication_slot',
  },
  {
    name: 'CREATE INDEX CONCURRENTLY, held up by a writer of its table',
    before: 'index.public.orders_customer_idx',
    on: 'target',
    by: 'lock table orders in row exclusive mode',
    once: 'CREATE INDEX CONCURRENTLY orders_customer_idx',
  },
]

/** Killed inside a transaction: the server rolls it back when it finds nobody to answer, and it is begun again. */
const ROLLED_BACK: readonly (Hold & { readonly name: string })[] = [
  {
    name: 'ADD CONSTRAINT UNIQUE',
    before: 'constraint.public.customer.customer_email_key',
    on: 'target',
    by: 'lock table customer in row exclusive mode',
  },
  {
    name: 'VALIDATE CONSTRAINT',
    before: 'validate.constraint.public.orders.orders_customer_fkey',
    on: 'target',
    by: 'lock table orders in share update exclusive mode',
  },
  {
    name: 'REFRESH MATERIALIZED VIEW',
    before: 'refresh.public.totals',
    on: 'target',
    by: `comment on materialized view totals is 'never committed'`,
  },
]

describe('kill -9 inside an action that takes long', () => {
  let servers: readonly [EmbeddedServer, EmbeddedServer]

  beforeAll(async () => {
    servers = await Promise.all([ownServer({ major: 15 }), ownServer({ major: 17 })])
  })

  afterAll(async () => {
    await Promise.all(servers.map((s) => s.stop()))
  })

  async function newMove(more: readonly string[] = [CONCURRENT_INDEXES]): Promise<Move> {
    const source = await freshDatabase(servers[0], 'long')
    const target = await freshDatabase(servers[1], 'long')
    await smallShop(source)
    const move = await moveBetween({ source, target }, { more })
    return move
  }

  it.each(HOLDS)('waits for $name, and takes what it made', async (hold) => {
    const move = await newMove()
    const log = await logStatements(move[hold.on])
    await move.plan()
    await whileHeld(move, hold, async ({ running, release }) => {
      running.kill()
      await running.done
      const next = await move.start('apply', 'plan.json')
      await next.saw(`waiting on the ${hold.on} for what an earlier run left running`)
      await release()
      const done = await next.done
      expect(done, done.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining('going on') })
    })
    expect((await log()).filter((s) => s.statement.includes(hold.once))).toHaveLength(1)
    await expectConverged(move)
  })

  it.each(ROLLED_BACK)('waits for $name to be rolled back, and does it again', async (hold) => {
    const move = await newMove([])
    await move.plan()
    await whileHeld(move, hold, async ({ running, release }) => {
      running.kill()
      await running.done
      const next = await move.start('apply', 'plan.json')
      await next.saw('waiting on the target for what an earlier run left running')
      await release()
      const done = await next.done
      expect(done, done.stderr).toMatchObject({ code: 0 })
    })
    await expectConverged(move)
  })

  it('repairs the INVALID index that is left when the server ends the orphaned build too', async () => {
    const move = await newMove()
    await move.plan()
    const hold: Hold = {
      before: 'index.public.orders_customer_idx',
      on: 'target',
      by: 'lock table orders in row exclusive mode',
    }
    await whileHeld(move, hold, async ({ running }) => {
      running.kill()
      await running.done
      await sql(
        move.target,
        `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'create index concurrently orders_customer_idx%'`,
      )
      await expect.poll(() => sessionsOf(move, move.target)).toEqual([])
    })
    expect(await sql(move.target, 'select from pg_index where not indisvalid')).toHaveLength(1)
    const repaired = await move.belt('apply', 'plan.json')
    expect(repaired, repaired.stderr).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('there but unusable, making it anew'),
    })
    await expectConverged(move)
  })

  it('goes on with the copy of the subscription, which goes on by itself', async () => {
    const move = await newMove()
    await move.plan()
    const fault = await move.killedAt('before-intent:subscription.target', 'apply', 'plan.json')
    expect(fault).toMatchObject({ signal: 'SIGKILL' })
    await withClient(move.target, async (blocker) => {
      await blocker.query('begin; lock table orders in share mode')
      const running = await move.start('apply', 'plan.json')
      await running.saw('not ready: public.orders (data)')
      running.kill()
      await running.done
      const next = await move.start('apply', 'plan.json')
      await next.saw('going on')
      await blocker.query('rollback')
      const done = await next.done
      expect(done, done.stderr).toMatchObject({ code: 0 })
    })
    await expectConverged(move)
  })

  it('enables the subscription again that verify had stopped when it was killed', async () => {
    const move = await newMove()
    await move.plan()
    const fault = await move.killedAt('before-intent:verify.rows', 'apply', 'plan.json')
    expect(fault).toMatchObject({ signal: 'SIGKILL' })
    const enabled = (): Promise<readonly object[]> =>
      sql(
        move.target,
        `select subenabled as enabled from pg_subscription where subname like 'belt%' and subdbid = (select oid from pg_database where datname = current_database())`,
      )
    await withClient(move.target, async (blocker) => {
      await blocker.query('begin; lock table orders in share mode')
      await sql(move.source, 'insert into orders values (5000, 1, 1)')
      // The apply worker hangs in that insert, so it cannot end when the subscription is disabled.
      await expect
        .poll(() => sql(move.target, `select from pg_locks where not granted and relation = 'orders'::regclass`), {
          timeout: 30_000,
        })
        .toHaveLength(1)
      const running = await move.start('apply', 'plan.json')
      await expect.poll(enabled).toEqual([{ enabled: false }])
      running.kill()
      await running.done
      expect(await enabled()).toEqual([{ enabled: false }])
      await blocker.query('rollback')
    })
    // Also by a run that does nothing else, since its plan is refused.
    await sql(move.source, 'create table later (id bigint primary key)')
    await move.plan('later.json')
    expect(await enabled()).toEqual([{ enabled: false }])
    await sql(move.source, 'alter table later add column note text')
    const refused = await move.belt('apply', 'later.json')
    expect(refused, refused.stderr).toMatchObject({ code: 3, stderr: expect.stringContaining('it goes on') })
    expect(await enabled()).toEqual([{ enabled: true }])
    await sql(move.source, 'drop table later')
    const done = await move.belt('apply', 'plan.json')
    expect(done, done.stderr).toMatchObject({ code: 0 })
    await expectConverged(move)
  })
})
