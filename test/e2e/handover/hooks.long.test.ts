import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { migration, type Migration } from './support/migration.js'
import { ownPair, type OwnPair } from './support/servers.js'
import { as, letsIn, makeShop, trade, type Shop } from './support/shop.js'

/** Notes which hook ran, for what, and whether a secret of the spec was in its environment; then does as it is told. */
const SCRIPT = `#!/bin/sh
echo "$BELT_MOMENT $BELT_HOOK $BELT_HANDOVER $BELT_FROM>$BELT_TO \${BELT_AGAIN:-0} \${SOURCE_PASSWORD:-none}" >> log
echo "I am $BELT_HOOK"
eval "$1"
`

const MOMENTS = ['before_fence', 'after_fence', 'before_open', 'after_open', 'after_give_up'] as const

interface Hooked extends OwnPair {
  readonly shop: Shop
  readonly life: Migration
  readonly log: () => Promise<readonly string[]>
  /** Makes the hook of one moment do something from now on. */
  readonly tell: (moment: string, command: string) => Promise<void>
}

/** A migration with a command at every moment, and SQL before the target opens. */
async function hooked(name: string): Promise<Hooked> {
  const databases = await ownPair(name)
  const shop = await makeShop(databases.source)
  const hooks = Object.fromEntries(
    MOMENTS.map((moment) => [
      moment,
      [{ name: 'note', command: ['./note', `. ./do-${moment}`], timeout: moment === 'before_open' ? '1s' : '10s' }],
    ]),
  )
  const warm = { name: 'warm', sql: 'warm.sql', on: 'target', handover: 'cutover' }
  const spec = { hooks: { ...hooks, before_open: [...(hooks['before_open'] ?? []), warm] } }
  const life = await migration(databases, { copyRoles: [shop.app.name, shop.granted.name], spec })
  const tell = (moment: string, command: string): Promise<void> =>
    writeFile(path.join(life.cwd, `do-${moment}`), `${command}\n`)
  await writeFile(path.join(life.cwd, 'note'), SCRIPT, { mode: 0o755 })
  await writeFile(
    path.join(life.cwd, 'warm.sql'),
    `-- before anybody comes\ninsert into public.parted values (9001, '2023-01-01');\ninsert into public.parted values (9002, '2025-01-01');`,
  )
  for (const moment of MOMENTS) await tell(moment, 'true')
  await life.reach('replicating')
  const log = async (): Promise<readonly string[]> => {
    const text = await readFile(path.join(life.cwd, 'log'), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }
  return { ...databases, shop, life, log, tell }
}

describe('hooks', () => {
  let all: Hooked
  beforeEach(async () => {
    all = await hooked('hooks')
  })

  test('run at their moments, once, and a plan runs none of them', async () => {
    const { life, log, source, target, shop } = all
    await life.ask('cutover')
    const plan = await life.plan()
    expect(await log()).toEqual([])
    const hooks = plan.actions.filter((a) => a.kind === 'run-hook')
    expect(hooks.map((a) => a.id)).toEqual([
      'hook.before-fence.note',
      'hook.after-fence.note',
      'hook.before-open.note',
      'hook.before-open.warm',
      'hook.after-open.note',
    ])
    const shown = await life.belt('show', 'plan.json')
    expect(shown.stdout).toContain("hook note: ./note '. ./do-before_fence'")
    expect(shown.stdout).toContain("insert into public.parted values (9001, '2023-01-01')")
    expect(shown.stdout).toContain('Only if the handover is given up')
    const run = await life.belt('apply', 'plan.json')
    expect(run, run.stderr).toMatchObject({ code: 0 })
    expect(run.stderr).toContain('hook note: I am note')
    const lines = (word: string, way: string): readonly string[] =>
      MOMENTS.slice(0, 4).map((moment) => `${moment} note ${word} ${way} 0 none`)
    expect(await log()).toEqual(lines('cutover', 'source>target'))
    // Written when the way back had begun, so it reaches the source too.
    const written = 'select id from public.parted where id > 9000 order by id'
    for (const side of [target, source]) {
      await expect.poll(() => sql(side, written), { timeout: 20_000 }).toEqual([{ id: 9001 }, { id: 9002 }])
    }

    await life.reach('rolled-back')
    expect(await log()).toEqual([...lines('cutover', 'source>target'), ...lines('rollback', 'target>source')])
    await trade(as(source, shop.app), 1)
  })

  test('that fail before the fence leave nothing moved, and what they did is taken back', async () => {
    const { life, log, tell, source, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('before_fence', 'exit 7')
    const run = await life.belt('apply', 'plan.json')
    expect(run).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('hook note (before fence) exited with 7')
    expect(run.stderr).toContain('handover-given-up')
    expect(await log()).toEqual([
      'before_fence note cutover source>target 0 none',
      'after_give_up note cutover source>target 0 none',
    ])
    expect(await letsIn(source, shop.app)).toBe(true)
    await tell('before_fence', 'true')
    await life.reach('cutover')
  })

  test('that take their time before the fence hide nothing that is done meanwhile', async () => {
    const { life, tell, source, target, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('before_fence', 'echo waits; until test -e go; do sleep 0.1; done')
    const late = (what: string): Promise<unknown> =>
      Promise.all(
        [source, target].map((side) =>
          sql(side, `${what} table public.late ${what === 'create' ? '(body json)' : ''}`),
        ),
      )
    const running = await life.start('apply', 'plan.json')
    await running.saw('waits')
    await late('create')
    await sql(
      source,
      `create role ${shop.app.name}_late login; grant connect on database ${source.database} to ${shop.app.name}_late`,
    )
    await writeFile(path.join(life.cwd, 'go'), '')
    const run = await running.done
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('(handover-given-up)')
    expect(run.stderr).toContain('the source was not closed yet')
    await late('drop')
    const again = await life.belt('apply', 'plan.json')
    expect(again).toMatchObject({ code: 3, stderr: expect.stringContaining('source database acl has changed') })
    await life.reach('cutover')
  })

  test('that let somebody in behind the fence give the handover up before anything is drained', async () => {
    const { life, tell, source, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('after_fence', 'echo waits; until test -e go; do sleep 0.1; done')
    const running = await life.start('apply', 'plan.json')
    await running.saw('waits')
    await sql(source, `grant connect on database ${source.database} to ${shop.app.name}`)
    await writeFile(path.join(life.cwd, 'go'), '')
    const run = await running.done
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain(`the fence of the source does not keep out ${shop.app.name}`)
    expect(run.stderr).toContain('(handover-given-up)')
    expect(await letsIn(source, shop.granted)).toBe(true)
  })

  test('that fail or take too long inside the pause give the handover up', async () => {
    const { life, log, tell, source, target, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('before_open', 'sleep 30')
    await tell('after_give_up', 'exit 9')
    const run = await life.belt('apply', 'plan.json')
    expect(run).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('hook note (before open) did not end within 1 s')
    expect(run.stderr).toContain('hook note (after give up) exited with 9')
    expect(run.stderr).toContain('the source is open again after')
    expect(await letsIn(source, shop.app)).toBe(true)
    expect(await letsIn(target, shop.app)).toBe(false)
    expect((await log()).map((line) => line.split(' ')[0])).toEqual([
      'before_fence',
      'after_fence',
      'before_open',
      'after_give_up',
    ])
    await tell('before_open', 'true')
    await life.reach('cutover')
    expect((await log()).slice(4).map((line) => line.split(' ')[0])).toEqual(MOMENTS.slice(0, 4))
  })

  test('that fail inside the pause give the handover up, and the very same plan may be applied again', async () => {
    const { life, log, tell, target, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('before_open', 'exit 3')
    expect(await life.belt('apply', 'plan.json')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('(handover-given-up)'),
    })
    const before = await log()
    await tell('before_open', 'true')
    const again = await life.belt('apply', 'plan.json')
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect((await log()).slice(before.length).map((line) => line.split(' ')[0])).toEqual(MOMENTS.slice(0, 4))
    await trade(as(target, shop.app), 1)
  })

  test('that fail after the target is open are told and undo nothing; run again, only they run', async () => {
    const { life, log, tell, source, target, shop } = all
    await life.ask('cutover')
    await life.plan()
    await tell('after_open', 'exit 5')
    const run = await life.belt('apply', 'plan.json')
    expect(run).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('hook note (after open) exited with 5')
    expect(await letsIn(target, shop.app)).toBe(true)
    await trade(as(target, shop.app), 1)
    // The way back runs all the same.
    await expect
      .poll(() => sql(source, 'select count(*)::int as n from orders'), { timeout: 20_000 })
      .toEqual(await sql(target, 'select count(*)::int as n from orders'))
    const before = await log()
    await tell('after_open', 'true')
    const again = await life.belt('apply', 'plan.json')
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect((await log()).slice(before.length)).toEqual(['after_open note cutover source>target 0 none'])
  })

  test('that were wrong in the spec run after the target is open once they are corrected, and are gone once removed', async () => {
    const { life, log } = all
    const warm = { name: 'warm', command: ['false'] }
    const ask = (...after_open: readonly object[]): Promise<void> =>
      life.ask('cutover', true, { hooks: { after_open } })
    await ask({ name: 'dns', command: ['./note', 'exit 5'] }, warm)
    await life.plan()
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 4 })
    expect(await life.belt('status')).toMatchObject({ stdout: expect.stringContaining('hook.after-open.dns') })

    await ask({ name: 'dns', command: ['./note', 'true'] }, warm)
    const corrected = await life.plan()
    expect(corrected.actions.map((a) => a.id)).toEqual(['hook.after-open.dns', 'hook.after-open.warm'])
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 4 })
    expect((await log()).slice(-1)).toEqual(['after_open dns cutover source>target 0 none'])

    await ask()
    const status = await life.belt('status')
    expect(status.stdout).toContain('stage cutover')
    expect(status.stdout).not.toContain('failed')
    expect((await life.plan()).actions).toEqual([])
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  })

  test('that belt is killed in run again and are told so; others do not', async () => {
    const { life, log } = all
    await life.ask('cutover')
    await life.plan()
    const killed = await life.killedAt('after-sql:hook.after-fence.note', 'apply', 'plan.json')
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    const again = await life.belt('apply', 'plan.json')
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect((await log()).slice(0, 3)).toEqual([
      'before_fence note cutover source>target 0 none',
      'after_fence note cutover source>target 0 none',
      'after_fence note cutover source>target 1 none',
    ])
  })

  test('whose file has changed since the plan make it stale', async () => {
    const { life, log } = all
    await life.ask('cutover')
    await life.plan()
    await writeFile(path.join(life.cwd, 'warm.sql'), 'select 1')
    const run = await life.belt('apply', 'plan.json')
    expect(run).toMatchObject({ code: 3 })
    expect(run.stderr).toContain('hook file warm.sql has changed since the plan was made')
    expect(await log()).toEqual([])
  })
})
