import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { lockKeyAsOids, runLockKey } from '../../../src/postgres/lock-key.js'
import { freshDatabase, sql, type TestDatabase } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { logStatements } from '../../support/statement-log.js'
import { expectConverged } from './converged.js'
import { CONCURRENT_INDEXES, smallShop } from './every-kind.js'
import { sessionsOf, waiting, whileHeld, type Hold } from './held.js'
import { moveBetween, type Move } from './move.js'

const INDEX: Hold = {
  before: 'index.public.orders_customer_idx',
  on: 'target',
  by: 'lock table orders in row exclusive mode',
}

const SLOT: Hold = { before: 'slot.source', on: 'source', by: `insert into waiting values (-1, 'never committed')` }

describe('an apply that is stopped in the middle of an action', () => {
  let source: EmbeddedServer
  let target: EmbeddedServer

  beforeAll(async () => {
    ;[source, target] = await Promise.all([ownServer({ major: 15 }), ownServer({ major: 17 })])
  })

  afterAll(async () => {
    await Promise.all([source.stop(), target.stop()])
  })

  async function newMove(more: readonly string[] = []): Promise<Move> {
    const databases = { source: await freshDatabase(source, 'stop'), target: await freshDatabase(target, 'stop') }
    await smallShop(databases.source)
    return moveBetween(databases, { more })
  }

  it('finishes the action at the first Ctrl-C, ends with 130 and goes on', async () => {
    const move = await newMove()
    await move.plan()
    await whileHeld(move, INDEX, async ({ running, release }) => {
      running.kill('SIGINT')
      await running.saw('Stopping once the running actions are done')
      await release()
      const stopped = await running.done
      expect(stopped, stopped.stderr).toMatchObject({ code: 130, stderr: expect.stringContaining('(interrupted)') })
    })
    const state = await move.state()
    expect(state.actions[INDEX.before]).toMatchObject({ status: 'done' })
    expect(Object.values(state.actions).filter((a) => a.status !== 'done')).toEqual([])
    expect(state.run).toMatchObject({ finishedAt: expect.any(String) as string })
    expect(await move.belt('apply', 'plan.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('going on'),
    })
    await expectConverged(move)
  })

  it.each([
    { signal: 'SIGINT', code: 130, more: [] },
    { signal: 'SIGTERM', code: 143, more: [CONCURRENT_INDEXES] },
  ] as const)(
    'cancels on the server at the second $signal, ends with $code and goes on',
    async ({ signal, code, more }) => {
      const move = await newMove(more)
      await move.plan()
      await whileHeld(move, INDEX, async ({ running }) => {
        running.kill(signal)
        await running.saw('Stopping once the running actions are done')
        running.kill(signal)
        const stopped = await running.done
        expect(stopped, stopped.stderr).toMatchObject({ code, signal: null })
        // The blocker still holds its lock: what waited for it is gone all the same.
        await expect.poll(() => sessionsOf(move, move.target)).toEqual([])
      })
      const [invalid] = await sql<{ n: number }>(
        move.target,
        'select count(*)::int as n from pg_index where not indisvalid',
      )
      expect(invalid?.n).toBe(more.length === 0 ? 0 : 1)
      const again = await move.belt('apply', 'plan.json')
      expect(again, again.stderr).toMatchObject({ code: 0 })
      await expectConverged(move)
    },
  )

  it.each([
    { name: 'target', hold: INDEX },
    { name: 'source', hold: SLOT },
  ] as const)('stops with 4 and the reason when the $name is restarted, and goes on', async ({ name, hold }) => {
    const move = await newMove()
    await move.plan()
    await whileHeld(move, hold, async ({ running }) => {
      await (name === 'target' ? target : source).restart()
      const stopped = await running.done
      expect(stopped, stopped.stderr).toMatchObject({ code: 4 })
      expect(stopped.stderr).toMatch(/connection .* was lost|run lock was lost/)
    })
    const again = await move.belt('apply', 'plan.json')
    expect(again, again.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining('going on') })
    await expectConverged(move)
  })

  it('changes nothing more once the session that holds the run lock is ended', async () => {
    // One at a time: an index that is built beside the blocked one could begin at any moment, also before the lock goes.
    const move = await newMove(['indexes: { jobs: 1 }'])
    const log = { source: await logStatements(move.source), target: await logStatements(move.target) }
    const { lineage } = await move.plan()
    const changing = async (): Promise<readonly string[]> =>
      [...(await log.source()), ...(await log.target())]
        .filter((s) => s.applicationName.startsWith(`belt/${move.name}/`))
        .map((s) => s.statement)
        .filter((s) => /^(?:create|alter|drop|insert|grant|revoke|comment|analyze|refresh|commit)\b/i.test(s))
    await whileHeld(move, INDEX, async ({ running, release }) => {
      const before = await changing()
      expect(before.join('\n')).toContain('CREATE INDEX orders_customer_idx')
      expect(await endLockSession(move.target, lineage)).toHaveLength(1)
      const stopped = await running.done
      expect(stopped, stopped.stderr).toMatchObject({ code: 4, stderr: expect.stringContaining('(lock-lost)') })
      await expect.poll(() => waiting(move, INDEX)).toEqual([])
      expect(await changing()).toEqual(before)
      await release()
    })
    expect(await sql(move.target, `select to_regclass('orders_customer_idx')`)).toEqual([{ to_regclass: null }])
    expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    await expectConverged(move)
  })

  it('lets a second apply wait or go away, naming the first', async () => {
    const move = await newMove()
    await move.plan()
    await whileHeld(move, INDEX, async ({ running, release }) => {
      const second = await move.belt('apply', 'plan.json', '--lock-timeout', '500ms')
      expect(second).toMatchObject({ code: 5, stdout: '' })
      expect(second.stderr).toMatch(
        new RegExp(`belt/${move.name}/\\S+ \\(process \\d+, user \\w+, from 127\\.0\\.0\\.1, connected since \\d{4}-`),
      )
      expect(second.stderr).toContain('(locked)')
      const lock = await move.belt('state', 'lock')
      expect(lock.stdout).toContain(`held by belt/${move.name}/`)
      // Looking on is allowed meanwhile.
      expect(await move.belt('status')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`belt/${move.name}/`),
      })

      const third = await move.start('apply', 'plan.json', '--lock-timeout', '60s')
      await third.saw('waiting for another run: belt/')
      await release()
      expect(await running.done).toMatchObject({ code: 0 })
      const waited = await third.done
      expect(waited, waited.stderr).toMatchObject({ code: 0 })
    })
    expect((await move.belt('state', 'lock')).stdout).toContain('is free')
    await expectConverged(move)
  })

  it('releases the lock of a run that works: that run stops, and the plan goes on', async () => {
    const move = await newMove()
    await move.plan()
    await whileHeld(move, INDEX, async ({ running, release }) => {
      expect(await move.belt('state', 'release')).toMatchObject({ code: 3 })
      expect(await move.belt('state', 'release', '--yes')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Ended: belt/'),
      })
      const stopped = await running.done
      expect(stopped, stopped.stderr).toMatchObject({ code: 4 })
      await release()
    })
    expect(await move.belt('state', 'release', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('free already'),
    })
    expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    await expectConverged(move)
  })
})

function endLockSession(target: TestDatabase, lineage: string): Promise<readonly object[]> {
  const [classId, objectId] = lockKeyAsOids(runLockKey(lineage))
  return sql(
    target,
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and classid = $1::oid and objid = $2::oid`,
    [classId, objectId],
  )
}
