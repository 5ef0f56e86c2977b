import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src/postgres/session.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { inTransaction } from '../../../src/postgres/transaction.js'
import type { OpenState } from '../../../src/state/state-store.js'
import type { Transition } from '../../../src/state/transition.js'
import { freshDatabase, sql, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { noSignal, settingsFor } from '../connect/settings.js'
import { done, MIGRATION, opened, running, storeIn } from './stores.js'

async function withSession<Result>(
  database: TestDatabase,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return withConnection(settingsFor(database), noSignal(), use)
}

/** As an action of a plan: SQL in a transaction that ends together with its record. */
async function act(session: Session, state: OpenState, ddl: string, transition: Transition): Promise<void> {
  const { commitWith } = state
  if (commitWith === undefined) throw new Error('a state on the target commits together')
  await inTransaction(session, { ending: (commit) => commitWith(session, transition, commit) }, () => session.exec(ddl))
}

const tablesOf = async (database: TestDatabase): Promise<readonly unknown[]> =>
  (
    await sql(
      database,
      `select relname from pg_class where relnamespace::regnamespace::text = 'public' and relkind = 'r' order by 1`,
    )
  ).map((r) => r['relname'])

describe.each([12, 18] as const)('a state on a target of %i', (major) => {
  const database = async (): Promise<TestDatabase> => freshDatabase(await sharedServer(major), 'state')

  test('makes nothing before the first change, and is the same for everybody after it', async () => {
    const target = await database()
    const state = await opened(storeIn(target))
    expect(await storeIn(target).read()).toBeUndefined()
    expect(await sql(target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])
    await state.append(running('a'))
    state.note(done('a'))
    expect((await storeIn(target).read())?.serial).toBe(1)
    await state.append({ kind: 'mark-set', mark: 'verified x', at: 't3', evidence: { rows: '1' } })
    expect(await storeIn(target).read()).toEqual(state.current())
    await state.close()
    expect(await storeIn(target).read()).toEqual(state.current())
    expect(await sql(target, 'select from belt.state_change')).toEqual([])
  })

  test('has every change that is noted while earlier ones are on their way to the server', async () => {
    const target = await database()
    const state = await opened(storeIn(target))
    await state.append(running('first'))
    const appends: Promise<void>[] = []
    for (let i = 0; i < 300; i += 1) {
      if (i % 3 === 0) appends.push(state.append(running(`a${i}`)))
      else state.note(done(`a${i}`))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(appends)
    await state.append(running('last'))
    expect(await storeIn(target).read()).toEqual(state.current())
    expect((await storeIn(target).read())?.serial).toBe(302)
  })

  test('keeps what was appended when belt dies, and is taken over by the next run', async () => {
    const target = await database()
    const killed = await opened(storeIn(target))
    await killed.append(running('a'))
    await killed.append(running('b'))
    const next = await opened(storeIn(target))
    expect(next.current()).toEqual(killed.current())
    await expect(killed.append(done('b'))).rejects.toMatchObject({ code: 'state-newer' })
    await next.append(done('a'))
    await expect(killed.close()).rejects.toMatchObject({ code: 'state-newer' })
    await next.close()
    expect((await storeIn(target).read())?.actions).toMatchObject({ a: { status: 'done' }, b: { status: 'running' } })
  })

  test('commits together with an action, or neither', async () => {
    const target = await database()
    const state = await opened(storeIn(target))
    await state.append(running('a'))
    await withSession(target, async (session) => {
      await act(session, state, 'create table public.a ()', done('a'))
      expect((await storeIn(target).read())?.actions['a']?.status).toBe('done')
      await expect(
        inTransaction(session, { ending: () => Promise.reject(new Error('killed')) }, () =>
          session.exec('create table public.b ()'),
        ),
      ).rejects.toThrow('killed')
      // Refused by the server at the commit itself.
      await session.exec('create table public.c (n int unique deferrable initially deferred)')
      await expect(act(session, state, 'insert into public.c values (1), (1)', done('c'))).rejects.toMatchObject({
        code: 'sql-failed',
      })
      await state.append(running('d'))
    })
    expect(await tablesOf(target)).toEqual(['a', 'c'])
    expect(Object.keys((await storeIn(target).read())?.actions ?? {})).toEqual(['a', 'd'])
  })
})

describe('a state on a target', () => {
  const database = async (): Promise<TestDatabase> => freshDatabase(await sharedServer(17), 'state')

  test('of a run that lost its lock takes nothing more, and what that run was about to commit is rolled back', async () => {
    const target = await database()
    const lost = await opened(storeIn(target))
    await lost.append(running('a'))
    await withSession(target, async (session) => {
      const { commitWith } = lost
      const late = inTransaction(
        session,
        {
          ending: async (commit) => {
            await opened(storeIn(target))
            return commitWith === undefined ? commit() : commitWith(session, done('a'), commit)
          },
        },
        () => session.exec('create table public.late ()'),
      )
      await expect(late).rejects.toMatchObject({ code: 'state-newer' })
    })
    expect(await tablesOf(target)).toEqual([])
    expect((await storeIn(target).read())?.actions['a']?.status).toBe('running')
  })

  test('finds out what became of a commit whose answer was lost', async () => {
    const target = await database()
    const state = await opened(storeIn(target))
    await state.append(running('a'))
    await withSession(target, async (session) => {
      const { commitWith } = state
      if (commitWith === undefined) throw new Error('a state on the target commits together')
      for (const [name, happens] of [
        ['yes', true],
        ['no', false],
      ] as const) {
        const transaction = inTransaction(
          session,
          {
            ending: (commit) =>
              commitWith(session, done(name), async () => {
                if (happens) await commit()
                else await session.rollback()
                throw new Error('connection lost')
              }),
          },
          () => session.exec(`create table public.${name} ()`),
        )
        await expect(transaction).rejects.toThrow('connection lost')
      }
    })
    await state.append(running('b'))
    expect(await tablesOf(target)).toEqual(['yes'])
    expect(Object.keys((await storeIn(target).read())?.actions ?? {})).toEqual(['a', 'yes', 'b'])
    expect(Object.keys(state.current().actions).sort()).toEqual(['a', 'b', 'yes'])
  })

  test('is complete and in order whatever runs beside each other', async () => {
    const target = await database()
    const step = fc.constantFrom('append', 'note', 'commit', 'roll back')
    await withSession(target, (one) =>
      withSession(target, (two) =>
        fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
            const state = await storeIn(target).open(MIGRATION)
            const before = state.current().serial
            const sessions = [one, two]
            const tails = [Promise.resolve(), Promise.resolve()]
            const work = steps.map(async (what, index) => {
              const action = `${what} ${String(index)}`
              if (what === 'append') return state.append(running(action))
              if (what === 'note') {
                state.note(running(action))
                return
              }
              const { commitWith } = state
              const session = sessions[index % 2] ?? one
              const ending = async (commit: () => Promise<'committed' | 'rolled back'>) => {
                if (what === 'roll back') throw new Error('as asked')
                return commitWith === undefined ? commit() : commitWith(session, running(action), commit)
              }
              const turn = (tails[index % 2] ?? Promise.resolve()).then(() =>
                inTransaction(session, { ending }, () => session.exec('select')),
              )
              const settled = turn.then(
                () => undefined,
                () => undefined,
              )
              tails[index % 2] = settled
              return settled
            })
            await Promise.all(work)
            await state.append({ kind: 'stage-reached', stage: 'prepared' })
            const crashed = await storeIn(target).read()
            expect(crashed).toEqual(state.current())
            expect(crashed?.serial).toBe(before + steps.filter((s) => s !== 'roll back').length + 1)
            await state.close()
            expect(await storeIn(target).read()).toEqual(crashed)
          }),
          { numRuns: 8 },
        ),
      ),
    )
  })

  test('is none for a run that takes everything away, or after an action took it away', async () => {
    const target = await database()
    const leaving = await opened(storeIn(target), true)
    await leaving.append(running('a'))
    await leaving.close()
    expect(await sql(target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])

    const state = await opened(storeIn(target))
    await state.append(running('a'))
    await sql(target, 'drop schema belt cascade')
    state.detach()
    await state.append(running('b'))
    await state.close()
    expect(await storeIn(target).read()).toBeUndefined()
  })

  test('gives up on a server that does not answer', async () => {
    const target = await database()
    const state = await opened(storeIn(target, 300))
    await state.append(running('a'))
    await withSession(target, async (other) => {
      await inTransaction(other, {}, async () => {
        await other.exec('select from belt.state for update')
        await expect(state.append(running('b'))).rejects.toMatchObject({ code: 'state-unreachable' })
      })
    })
    // The server may still carry out what belt hung up on; the next run goes on from either.
    const next = await opened(storeIn(target))
    await next.append(running('b'))
    expect(Object.keys((await storeIn(target).read())?.actions ?? {})).toEqual(['a', 'b'])
  })

  test('holds names that the database has no letters for', async () => {
    const target = await database()
    const latin = { ...target, database: `${target.database}_latin` }
    await sql(
      target,
      `create database "${latin.database}" encoding latin1 lc_collate 'C' lc_ctype 'C' template template0`,
    )
    const state = await opened(storeIn(latin))
    await state.append(running('table public.日本 – „ä“ 🚚 \\u0041'))
    await state.append(running('table public.注文'))
    await state.close()
    expect(Object.keys((await storeIn(latin).read())?.actions ?? {})).toEqual([
      'table public.日本 – „ä“ 🚚 \\u0041',
      'table public.注文',
    ])
  })

  test('of another migration, damaged or of a newer belt is refused with the reason', async () => {
    const target = await database()
    const state = await opened(storeIn(target))
    await state.append(running('a'))
    await state.append(running('b'))
    await state.append(running('c'))
    const other = storeIn(target).open({ ...MIGRATION, lineage: 'fedcba9876543210' })
    await expect(other).rejects.toMatchObject({ code: 'state-other-lineage' })
    const refused = async (change: string, code: string): Promise<void> => {
      await sql(target, 'create table if not exists kept as select * from belt.state_change')
      await sql(target, change)
      await expect(storeIn(target).read()).rejects.toMatchObject({ code })
      await expect(storeIn(target).open(MIGRATION)).rejects.toMatchObject({ code })
      await sql(target, 'truncate belt.state_change; insert into belt.state_change select * from kept')
    }
    await refused('delete from belt.state_change where serial = 2', 'state-damaged')
    await refused('delete from belt.state_change where serial = 3', 'state-damaged')
    await refused(`update belt.state_change set change = '{"serial": 2}' where serial = 2`, 'state-damaged')
    await refused(
      `update belt.state set snapshot = replace(snapshot::text, 'belt-state/1', 'belt-state/2')::json`,
      'state-newer',
    )
  })
})
