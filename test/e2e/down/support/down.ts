import { expect } from 'vitest'
import { sql, type TestDatabase } from '../../../support/databases.js'
import type { StartOptions } from '../../../../src/embedded/server.js'
import type { Migration } from '../../handover/support/migration.js'

/** As a server is whose log can be read through SQL. */
export function withLog(options: StartOptions, format: 'csvlog' | 'stderr' = 'csvlog'): StartOptions {
  return { ...options, settings: { ...options.settings, logging_collector: 'on', log_destination: format } }
}

export const SHOP = `
  create table orders (id integer primary key, code text);
  insert into orders select g, 'c' || g from generate_series(1, 100) as g;
  create table line (id integer primary key, of integer references orders);
  insert into line select g, g from generate_series(1, 100) as g`

interface Alarm {
  readonly code: string
  readonly message: string
  readonly fix: string
}

/** The only alarm of `belt status` but for some, once it says what it must: a worker may just be between two tries. */
export async function alarm(life: Migration, says: RegExp, beside: readonly string[] = []): Promise<Alarm> {
  let last: readonly Alarm[] = []
  await expect
    .poll(
      async () => {
        const run = await life.belt('status', '--json')
        last = (JSON.parse(run.stdout) as { alarms: readonly Alarm[] }).alarms
        return last.map((a) => `${a.code}: ${a.message}`).join('\n')
      },
      { timeout: 120_000, interval: 500 },
    )
    .toMatch(says)
  const own = last.filter((a) => !beside.includes(a.code))
  expect(own).toHaveLength(1)
  return own[0] ?? { code: '', message: '', fix: '' }
}

/** Both sides hold the same orders and lines. */
export async function same({ source, target }: Pick<Migration, 'source' | 'target'>): Promise<void> {
  const contents = async (side: TestDatabase): Promise<unknown> =>
    sql(
      side,
      `select (select string_agg(o::text, ';' order by id) from orders as o) as orders,
         (select string_agg(l::text, ';' order by id) from line as l) as lines`,
    )
  await expect.poll(() => contents(target), { timeout: 120_000, interval: 100 }).toEqual(await contents(source))
}

/** A plan made now changes nothing and finds nothing wrong. */
export async function mended(life: Migration): Promise<void> {
  await expect.poll(async () => (await life.belt('drift')).code, { timeout: 120_000, interval: 500 }).toBe(0)
}
