import type { Session, SqlValue } from '../postgres/session.js'

/** What a file of this folder reads one side through, inside the inspection's transaction. */
export interface CatalogReader {
  /** server_version_num. */
  readonly version: number
  query<Row>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]>
  /** Like query, but a statement that the server refuses is undone and gives undefined. */
  attempt<Row>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[] | undefined>
  /** pg_catalog's relation has this column here, and this user may read it. */
  readable(relation: string, column: string): boolean
  /** This function exists here, and this user may call it; written as for to_regprocedure. */
  callable(signature: string): boolean
}

/** Relations that differ between versions or that an ordinary administrator may not read (all of). */
const RELATIONS: readonly string[] = [
  'pg_authid',
  'pg_auth_members',
  'pg_constraint',
  'pg_database',
  'pg_publication',
  'pg_publication_rel',
  'pg_publication_namespace',
  'pg_replication_origin',
  'pg_replication_origin_status',
  'pg_replication_slots',
  'pg_subscription',
  'pg_subscription_rel',
  'pg_trigger',
]

const FUNCTIONS: readonly string[] = [
  'pg_catalog.pg_control_system()',
  'pg_catalog.pg_control_checkpoint()',
  'pg_catalog.pg_show_replication_origin_status()',
  'pg_catalog.pg_replication_origin_progress(text,boolean)',
  'pg_catalog.pg_replication_origin_advance(text,pg_lsn)',
  'pg_catalog.pg_stat_get_subscription_stats(oid)',
  'pg_catalog.has_parameter_privilege(text,text)',
]

interface ReadableRow {
  readonly relation: string
  readonly column: string
}

const READABLE = `
  select c.relname::text as relation, a.attname::text as "column"
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid
  where n.nspname = 'pg_catalog' and c.relname = any($1::text[]) and a.attnum > 0 and not a.attisdropped
    and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')`

const CALLABLE = `
  select f.signature
  from pg_catalog.unnest($1::text[]) as f (signature)
  where pg_catalog.has_function_privilege(pg_catalog.to_regprocedure(f.signature), 'execute')`

/**
 * An error inside the transaction would end it, so what may be read is asked first. Columns are chosen by what is
 * there and not by version numbers: a server newer than belt that moved a column is read without it.
 */
export async function openCatalogReader(session: Session, signal: AbortSignal): Promise<CatalogReader> {
  const query = <Row>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]> => {
    signal.throwIfAborted()
    return session.query<Row>(text, values)
  }
  const readable = new Set<string>()
  for (const row of await query<ReadableRow>(READABLE, [RELATIONS])) readable.add(`${row.relation}.${row.column}`)
  const callable = new Set<string>()
  for (const row of await query<{ signature: string }>(CALLABLE, [FUNCTIONS])) callable.add(row.signature)
  return {
    version: session.serverVersion,
    query,
    attempt: (text, values) => attempt(session, () => query(text, values), signal),
    readable: (relation, column) => readable.has(`${relation}.${column}`),
    callable: (signature) => callable.has(signature),
  }
}

async function attempt<T>(session: Session, run: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  await session.exec('savepoint belt_attempt')
  try {
    return await run()
  } catch (error) {
    if (signal.aborted || session.lost.aborted) throw error
    await session.exec('rollback to savepoint belt_attempt')
    return undefined
  }
}
