import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase, sql } from '../../support/databases.js'
import { ownServer, sharedServer } from '../../support/servers.js'
import { testMigration } from './migration.js'

const ROLE_PASSWORD = 'planted-role-password'
const MAPPING_PASSWORD = `planted 'mapping\\ password`

test('secrets reach the target and nothing else: no plan, state, event, error, nor the log of a server that logs all', async () => {
  const logger = await ownServer({
    major: 17,
    settings: { wal_level: 'logical', log_statement: 'all', log_min_duration_statement: '0' },
  })
  onTestFinished(() => logger.stop())
  const source = await freshDatabase(await sharedServer(15), 'secrets')
  const target = await freshDatabase(logger, 'secrets')
  const role = source.database.replace('secrets', 'app')
  await sql(
    source,
    `create table item (id bigint primary key);
     create role ${role} login password '${ROLE_PASSWORD}';
     create extension postgres_fdw;
     create server files foreign data wrapper postgres_fdw options (host 'nowhere');
     create user mapping for ${role} server files options (user 'u', password '${MAPPING_PASSWORD.replaceAll("'", "''")}')`,
  )
  const copied = await testMigration({ source, target }, { copy: [role] })
  const saved = await copied.plan()
  expect(saved.plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])

  const broken = saved.plan.actions.map((a) =>
    a.kind === 'create-subscription'
      ? { ...a, sql: a.sql.map((text) => text.replace(' publication ', ' nonsense ')) }
      : a,
  )
  const failed = await copied.apply({ ...saved, plan: { ...saved.plan, actions: broken } })
  expect(failed.error).toMatchObject({ code: 'action-failed' })
  const journal = await readFile(copied.spec.state.path, 'utf8')
  const applied = await copied.apply(saved)
  expect(applied.error).toBeUndefined()

  const [mapping] = await sql<{ umoptions: readonly string[] }>(
    target,
    `select umoptions from pg_user_mappings where usename = $1`,
    [role],
  )
  expect(mapping?.umoptions).toContain(`password=${MAPPING_PASSWORD}`)
  const verifier = `select rolpassword from pg_authid where rolname = $1`
  const [mine] = await sql<{ rolpassword: string }>(source, verifier, [role])
  expect(await sql(target, verifier, [role])).toEqual([mine])

  const texts = {
    plan: JSON.stringify(saved),
    journal,
    state: await readFile(copied.spec.state.path, 'utf8'),
    events: JSON.stringify([failed.events, applied.events]),
    error: `${String(failed.error)} ${JSON.stringify(failed.error)} ${String((failed.error as Error).cause)}`,
    log: await readFile(logger.logFile, 'utf8'),
  }
  for (const [where, text] of Object.entries(texts)) {
    for (const secret of [copied.replicationPassword, ROLE_PASSWORD, 'planted', mine?.rolpassword ?? '']) {
      expect(text.includes(secret), `${where} holds a secret`).toBe(false)
    }
  }
  // The log is one that would have had them.
  expect(texts.log).toContain('CREATE TABLE public.item')
})
