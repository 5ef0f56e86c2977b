import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { quoteIdent } from '../../../src/core/quote.js'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { catalogOf } from './catalog-digest.js'
import { everyKind, smallShop } from './every-kind.js'
import { moveBetween } from './move.js'

interface Change {
  readonly on: 'source' | 'target'
  readonly by: string
  /** The fact that must be named. */
  readonly named: string
  readonly undo: string
}

it('refuses a plan that something it touches has left behind, names it, and changes nothing', async () => {
  const databases = await pair(15, 17, 'stale')
  const roles = await everyKind(databases.source)
  const owner = quoteIdent(roles.owner)
  const move = await moveBetween(databases, { copyRoles: [roles.owner, roles.reader] })
  const { actions } = await move.plan()
  const publication = actions.flatMap((a) => (a.kind === 'create-publication' ? [a.publication] : []))[0] ?? ''
  const slot = actions.flatMap((a) => (a.kind === 'create-slot' ? [a.slot] : []))[0] ?? ''
  const replication = quoteIdent(move.replicationRole)
  const database = quoteIdent(move.target.database)
  const changes: readonly Change[] = [
    {
      on: 'source',
      by: 'alter table orders add column note text',
      named: 'source table public.orders has changed since the plan was made',
      undo: 'alter table orders drop column note',
    },
    {
      on: 'source',
      by: 'drop index orders_customer_idx; create index orders_customer_idx on orders (customer, total)',
      named: 'source index public.orders_customer_idx has changed',
      undo: 'drop index orders_customer_idx; create index orders_customer_idx on orders (customer)',
    },
    {
      on: 'source',
      by: 'drop index orders_customer_idx',
      named: 'source index public.orders_customer_idx was there when the plan was made and is gone',
      undo: 'create index orders_customer_idx on orders (customer)',
    },
    {
      on: 'source',
      by: `alter role ${owner} createdb`,
      named: `source role ${roles.owner} has changed`,
      undo: `alter role ${owner} nocreatedb`,
    },
    {
      on: 'target',
      by: `create role ${owner}`,
      named: `target role ${roles.owner} was not there`,
      undo: `drop role ${owner}`,
    },
    {
      on: 'source',
      by: `create role ${replication} login replication`,
      named: `source role ${move.replicationRole} was not there`,
      undo: `drop role ${replication}`,
    },
    {
      on: 'source',
      by: `create publication ${publication} for table customer, orders, waiting, audit`,
      named: `source publication ${publication} was not there`,
      undo: `drop publication ${publication}`,
    },
    {
      on: 'source',
      by: `select pg_create_logical_replication_slot('${slot}', 'pgoutput')`,
      named: `source slot ${slot} was not there`,
      undo: `select pg_drop_replication_slot('${slot}')`,
    },
    {
      on: 'source',
      by: 'alter table audit replica identity full',
      named: 'public.audit has changed',
      undo: 'alter table audit replica identity default',
    },
    {
      on: 'source',
      by: 'alter table customer enable row level security',
      named: 'source row security of public.customer has changed',
      undo: 'alter table customer disable row level security',
    },
    {
      on: 'target',
      by: 'create table waiting (id bigint not null, note text)',
      named: 'target table public.waiting was not there when the plan was made and is now',
      undo: 'drop table waiting',
    },
    {
      on: 'target',
      by: `grant connect on database ${database} to pg_monitor`,
      named: 'target database acl has changed',
      undo: `revoke connect on database ${database} from pg_monitor`,
    },
    {
      on: 'source',
      by: `alter database ${quoteIdent(move.source.database)} set work_mem = '6MB'`,
      named: 'source database settings has changed',
      undo: `alter database ${quoteIdent(move.source.database)} set work_mem = '5MB'`,
    },
  ]
  const wrong: string[] = []
  for (const { on, by, named, undo } of changes) {
    await sql(move[on], by)
    const before = [await catalogOf(move.source), await catalogOf(move.target)]
    const refused = await move.belt('apply', 'plan.json')
    if (refused.code !== 3 || !refused.stderr.includes('(plan-stale)') || !unwrapped(refused.stderr).includes(named)) {
      wrong.push(`${by}\n${String(refused.code)} ${refused.stderr}`)
    }
    expect([await catalogOf(move.source), await catalogOf(move.target)], by).toEqual(before)
    await sql(move[on], undo)
  }
  expect(wrong.join('\n\n')).toBe('')
})

/** A message as it is before it is folded to the width of a page. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

it('carries out a plan although something unrelated has changed, and tells what a new plan would hold', async () => {
  const databases = await pair(15, 17, 'unrelated')
  await smallShop(databases.source)
  const move = await moveBetween(databases)
  await move.plan()
  const role = quoteIdent(`${move.replicationRole}_other`)
  await sql(
    move.source,
    `create table unrelated (id bigint primary key); create role ${role}; create index another_idx on orders (total)`,
  )
  await sql(move.target, `create role ${role}`)
  const applied = await move.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 4, stderr: expect.not.stringContaining('Error') as string })
  expect(applied.stdout).toContain('table public.unrelated')
  const { actions } = await move.state()
  expect(Object.values(actions).every((a) => a.status === 'done')).toBe(true)
  await move.plan('rest.json')
  expect(await move.belt('apply', 'rest.json')).toMatchObject({ code: 0 })
})

it('refuses a plan for other databases, one that was edited, and one of another format', async () => {
  const databases = await pair(15, 17, 'wrong')
  await smallShop(databases.source)
  const move = await moveBetween(databases)
  await move.plan()
  const before = [await catalogOf(move.source), await catalogOf(move.target)]
  const file = path.join(move.cwd, 'plan.json')
  const text = await readFile(file, 'utf8')
  const edited = async (from: string, to: string): Promise<void> => {
    expect(text).toContain(from)
    await writeFile(path.join(move.cwd, 'edited.json'), text.replace(from, to))
  }

  await edited('create publication', 'create  publication')
  expect(await move.belt('apply', 'edited.json')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('(plan-altered)') as string,
  })
  expect(await move.belt('show', 'edited.json')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('(plan-altered)') as string,
  })
  await edited('"format": "belt-plan/1"', '"format": "belt-plan/2"')
  const format = await move.belt('apply', 'edited.json')
  expect(format).toMatchObject({ code: 64, stderr: expect.stringContaining('format belt-plan/2') as string })
  expect(format.stderr).toContain('(plan-format)')
  await edited('"actions": [', '"actions": [{},')
  expect(await move.belt('apply', 'edited.json')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('(plan-damaged)') as string,
  })
  await writeFile(path.join(move.cwd, 'edited.json'), text.slice(0, text.length / 2))
  expect(await move.belt('apply', 'edited.json')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('(plan-damaged)') as string,
  })

  const elsewhere = await pair(15, 17, 'elsewhere')
  const spec = path.join(move.cwd, 'belt.yaml')
  const right = await readFile(spec, 'utf8')
  for (const side of ['source', 'target'] as const) {
    await writeFile(spec, right.replace(move[side].database, elsewhere[side].database))
    const refused = await move.belt('apply', 'plan.json')
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('(wrong-server)') as string })
    expect(refused.stderr).toContain(`made for another ${side}`)
  }
  await writeFile(spec, right.replace(`name: ${move.name}`, 'name: other'))
  expect(await move.belt('apply', 'plan.json')).toMatchObject({ code: 64 })
  await writeFile(spec, right)
  expect([await catalogOf(move.source), await catalogOf(move.target)]).toEqual(before)
  expect(await readFile(move.statePath, 'utf8').catch(() => 'none')).toBe('none')
})
