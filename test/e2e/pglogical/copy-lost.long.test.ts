import { expect, test } from 'vitest'
import { withPglogical, type DebianMajor } from '../../support/debian.js'
import { sql } from '../../support/databases.js'
import { alarm, mended, same, SHOP, withLog } from '../down/support/down.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const PAIRS: readonly (readonly [from: DebianMajor, to: DebianMajor])[] = [
  [13, 15],
  [15, 17],
  [17, 18],
]

test.each(PAIRS)(
  'from %i to %i an initial copy that failed is told with its cause, and made anew',
  async (from, to) => {
    const pair = await ownPair('lost', await withPglogical(from), withLog(await withPglogical(to), 'stderr'))
    await sql(pair.source, SHOP)
    const life = await migration(pair, { spec: { engine: 'pglogical' } })
    await life.ask('replicating')
    await life.plan()
    expect(await life.killedAt('before-intent:subscription.target', 'apply', 'plan.json')).toMatchObject({
      signal: 'SIGKILL',
    })
    // In both: pglogical notices a copy that failed only when it begins the next.
    await sql(pair.target, `insert into orders values (7, 'somebody'); insert into line values (7, 7)`)
    const applied = await life.belt('apply', 'plan.json')
    expect(applied, applied.stderr).toMatchObject({ code: 4 })
    expect(applied.stderr).toContain('copy-lost')
    expect(applied.stderr).toContain('belt plan --restart')

    const found = await alarm(life, /replication-broken.*ended within the initial copy.*duplicate key/)
    expect(found.fix).toContain('belt plan --restart')
    const drift = await life.belt('drift')
    expect(drift.stdout).toMatch(/ended\s+within the initial copy/)
    const plan = await life.belt('plan')
    expect(plan).toMatchObject({ code: 1 })
    expect(plan.stdout).toContain('belt plan --restart')

    await life.plan('--restart')
    const restarted = await life.belt('apply', 'plan.json')
    expect(restarted, restarted.stderr).toMatchObject({ code: 0 })
    await same(life)
    await mended(life)
    expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  },
)
