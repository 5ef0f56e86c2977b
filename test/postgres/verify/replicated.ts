import type { QualifiedName } from '../../../src/catalog/schema-script.js'
import { Secret } from '../../../src/core/secret.js'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import type { PairingInput } from '../../../src/verify/verify-input.js'
import type { TestDatabase } from '../../support/databases.js'
import { freshDatabase, sql } from '../../support/databases.js'

/** Two databases with a running subscription between them. */
export interface Replicated {
  readonly source: TestDatabase
  readonly target: TestDatabase
  readonly input: PairingInput
}

export const TABLES: readonly QualifiedName[] = [
  'plain',
  'child',
  'refilled',
  'keyless',
  'part_low',
  'part_high',
  'still',
].map((name) => ({ schema: 'public', name }))

const SCHEMA = `
  create table plain (id bigint primary key, word text);
  create table child (id bigint primary key, plain bigint references plain on delete cascade);
  create table refilled (id bigint primary key);
  create table keyless (id bigint, word text);
  alter table keyless replica identity full;
  create table part (id bigint, side int, primary key (id, side)) partition by list (side);
  create table part_low partition of part for values in (0);
  create table part_high partition of part for values in (1);
  create table still (id bigint primary key);`

/** `beforeCopy` may start writers, so that the copy runs under them. */
export async function replicated(
  from: EmbeddedServer,
  to: EmbeddedServer,
  beforeCopy: (source: TestDatabase) => void = () => undefined,
): Promise<Replicated> {
  const source = await freshDatabase(from, 'verify')
  const target = await freshDatabase(to, 'verify')
  await sql(source, SCHEMA)
  await sql(target, SCHEMA.replace(' references plain on delete cascade', ''))
  await sql(
    source,
    `insert into still select generate_series(1, 1000); insert into keyless select i, 'k' from generate_series(1, 200) as i`,
  )
  const tables = TABLES.map((t) => t.name).join(', ')
  await sql(source, `create publication p for table ${tables}`)
  beforeCopy(source)
  const dsn = `host=${from.host} port=${String(from.port)} dbname=${source.database} user=${from.user} password=${from.password}`
  const name = source.database.replaceAll('-', '_')
  await sql(target, `create subscription ${name} connection '${dsn}' publication p`)
  await allReady(target)
  const on = (statement: string) => async (): Promise<void> => {
    await sql(target, `alter subscription ${name} ${statement}`)
  }
  return {
    source,
    target,
    input: {
      connections: { source: settings(source), target: settings(target) },
      subscription: name,
      publications: ['p'],
      slot: name,
      tables: TABLES,
      pause: on('disable'),
      resume: on('enable'),
    },
  }
}

export async function allReady(target: TestDatabase): Promise<void> {
  for (;;) {
    const [row] = await sql<{ open: number; tables: number }>(
      target,
      `select count(*) filter (where srsubstate <> 'r')::int as open, count(*)::int as tables from pg_subscription_rel`,
    )
    if (row !== undefined && row.open === 0 && row.tables === TABLES.length) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function drop({ target, input }: Replicated): Promise<void> {
  await sql(target, `drop subscription if exists ${input.subscription}`)
}

function settings(database: TestDatabase): ConnectionSettings {
  const { host, port, user, password } = database
  return {
    host,
    port,
    user,
    database: database.database,
    password: () => Promise.resolve(new Secret(password)),
    tls: { mode: 'disable' },
    applicationName: 'belt/verify/test',
  }
}
