import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { EmbeddedMajor } from '../../../src/embedded/versions.js'
import { sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { endReplicationAfterwards } from '../../support/end-replication.js'
import { runBelt, startBelt, type BeltOptions, type BeltRun, type RunningBelt } from '../../support/run-belt.js'
import { pair } from '../../support/servers.js'

/** A folder with a spec for two fresh databases, and belt run there as a user would. */
export interface Workspace {
  readonly cwd: string
  readonly source: TestDatabase
  readonly target: TestDatabase
  /** Every secret that the spec leads to. */
  readonly secrets: readonly string[]
  readonly belt: (...args: readonly string[]) => Promise<BeltRun>
  readonly beltWith: (options: Partial<BeltOptions>, ...args: readonly string[]) => Promise<BeltRun>
  readonly start: (...args: readonly string[]) => Promise<RunningBelt>
}

const SCHEMA = `
  create table customers (id bigint generated always as identity primary key, email text not null unique);
  create table orders (id bigint primary key, customer_id bigint references customers, total numeric not null);
  create index orders_customer_idx on orders (customer_id);
  create table audit_log (at timestamptz not null, what text);
  insert into customers (email) select 'c' || i || '@example.org' from generate_series(1, 100) as i;
  insert into orders select i, 1 + i % 100, i from generate_series(1, 1000) as i;
  insert into audit_log select now(), 'x' from generate_series(1, 50);`

/** A small shop, to be moved from 15 to 17 if nothing else is said. The folder goes with the test. */
export async function shopWorkspace(from: EmbeddedMajor = 15, to: EmbeddedMajor = 17): Promise<Workspace> {
  const { source, target } = await pair(from, to, 'shop')
  await sql(source, SCHEMA)
  const cwd = await mkdtemp(path.join(tmpdir(), 'belt-e2e-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  endReplicationAfterwards(source, target)
  const replication = uniqueName('replication_secret')
  await writeFile(path.join(cwd, 'belt.yaml'), specText(source, target))
  const env = {
    SOURCE_ADMIN_PASSWORD: source.password,
    TARGET_ADMIN_PASSWORD: target.password,
    BELT_REPLICATION_PASSWORD: replication,
  }
  const beltWith: Workspace['beltWith'] = (options, ...args) =>
    runBelt(args, { cwd, ...options, env: { ...env, ...options.env } })
  return {
    cwd,
    source,
    target,
    secrets: Object.values(env),
    belt: (...args) => beltWith({}, ...args),
    beltWith,
    start: (...args) => startBelt(args, { cwd, env }),
  }
}

function specText(source: TestDatabase, target: TestDatabase): string {
  const side = (name: string, { host, port, database, user }: TestDatabase): string =>
    `${name}: { host: "${host}", port: ${port}, database: "${database}", tls: disable,\n` +
    `  admin: { user: "${user}", password: { env: ${name.toUpperCase()}_ADMIN_PASSWORD } } }`
  return `version: 1
name: shop
stage: replicating
${side('source', source)}
${side('target', target)}
roles:
  replication: { name: ${uniqueName('belt_replication')}, password: { env: BELT_REPLICATION_PASSWORD } }
`
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}
