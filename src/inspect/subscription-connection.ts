import type { Subscription } from '../catalog/replication.js'

/** The parts of subconninfo that are no secret, cut out on the server: the password does not leave it. */
export interface ConninfoRow {
  readonly readable: boolean
  /** Values of `key=value` pairs, quoted as they stand; the last one counts, as for libpq. */
  readonly pairs: readonly (readonly [key: string, value: string])[] | null
  /** User, host, port and database of a `postgres://` URI. */
  readonly uri: readonly (string | null)[] | null
}

/**
 * Select-list entries over `c.conninfo`. The pairs are cut one after the other from the beginning, so a password that
 * holds `host=…` inside its quotes is passed over as the one value it is.
 */
export const CONNINFO_PARTS = `
      c.conninfo is not null as readable,
      (
        select pg_catalog.json_agg(pg_catalog.json_build_array(m.pair[1], m.pair[2]) order by m.position)
        from pg_catalog.regexp_matches(
          c.conninfo, '\\s*([a-z_]+)\\s*=\\s*(''(?:[^''\\\\]|\\\\.)*''|(?:[^\\s''\\\\]|\\\\.)*)', 'g') with ordinality as m (pair, position)
        where c.conninfo !~ '^postgres(ql)?://' and m.pair[1] in ('host', 'hostaddr', 'port', 'dbname', 'user')
      ) as pairs,
      pg_catalog.regexp_match(
        c.conninfo, '^postgres(?:ql)?://(?:([^:@/]*)(?::[^@/]*)?@)?(\\[[^]]*\\]|[^:/?]*)(?::([0-9]*))?(?:/([^?]*))?') as uri`

/** Where a subscription connects to; undefined when this user may not read it. */
export function parseConninfo(row: ConninfoRow): Subscription['connection'] {
  if (!row.readable) return undefined
  if (row.uri !== null) {
    const [user, host, port, database] = row.uri.map((part) => decodePart(part ?? ''))
    return { host: host ?? '', port: orDefaultPort(port), database: database ?? '', user: user ?? '' }
  }
  const values = new Map((row.pairs ?? []).map(([key, value]) => [key, unquote(value)]))
  return {
    host: values.get('host') ?? values.get('hostaddr') ?? '',
    port: orDefaultPort(values.get('port')),
    database: values.get('dbname') ?? '',
    user: values.get('user') ?? '',
  }
}

function orDefaultPort(port: string | undefined): string {
  return port === undefined || port === '' ? '5432' : port
}

function unquote(value: string): string {
  const inner = value.startsWith("'") ? value.slice(1, -1) : value
  return inner.replace(/\\(.)/gs, '$1')
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
