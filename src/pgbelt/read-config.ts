import type { Diagnostic } from '../core/diagnostic.js'
import type { PgbeltConfig, PgbeltSide, PgbeltUser, Placed } from './config.js'
import { Members } from './members.js'
import { readJson } from './read-json.js'

const KEYS = ['db', 'dc', 'src', 'dst', 'tables', 'sequences', 'schema_name', 'exclude_users', 'exclude_patterns']
const SIDE_KEYS = ['host', 'ip', 'db', 'port', 'root_user', 'owner_user', 'pglogical_user', 'other_users']
const USER_KEYS = ['name', 'pw']
const RESOLVER_KEYS = ['resolver_path', 'src_resolver_path', 'dst_resolver_path']

export interface ReadConfig {
  /** Undefined when a diagnostic is an error. */
  readonly config?: PgbeltConfig
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads one of pgbelt's configurations. Everything in it is either in the result or told. */
export function readConfig(text: string, file: string): ReadConfig {
  const read = readJson(text)
  if ('fault' in read) {
    const { at, expected } = read.fault
    const message = `this is not JSON: ${expected} is expected here`
    return { diagnostics: [{ severity: 'error', code: 'import-json', message, at: { file, ...at } }] }
  }
  const { root } = read
  if (root.is !== 'object') {
    const message = 'a configuration of pgbelt is a JSON object'
    return { diagnostics: [{ severity: 'error', code: 'import-json', message, at: { file, ...root.at } }] }
  }
  const found: Diagnostic[] = []
  const config = readMembers(new Members(root, '', file, found), file)
  const failed = found.some((d) => d.severity === 'error')
  const diagnostics = found.sort(
    (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
  )
  return failed || config === undefined ? { diagnostics } : { config, diagnostics }
}

function readMembers(members: Members, file: string): PgbeltConfig | undefined {
  for (const key of RESOLVER_KEYS) {
    const resolver = members.optional(key)
    if (resolver === undefined) continue
    const fix = 'Run a command of pgbelt once, and import configs/<datacenter>/<database>/config.json, which it writes.'
    members.error(
      resolver.at,
      'import-remote',
      `${key}: this file says who knows the databases, not where they are`,
      fix,
    )
    return undefined
  }
  const db = members.text('db')
  const dc = members.text('dc')
  const source = readSide(members, 'src')
  const target = readSide(members, 'dst')
  const schema = members.optionalText('schema_name')?.text ?? 'public'
  const tables = members.texts('tables')
  const excludeUsers = members.texts('exclude_users')
  warnOfSequences(members)
  warnOfPatterns(members)
  members.leftOver(KEYS)
  if (db === undefined || dc === undefined || source === undefined || target === undefined) return undefined
  return { file, db, dc, source, target, schema, tables: distinct(tables), excludeUsers: distinct(excludeUsers) }
}

function readSide(members: Members, key: 'src' | 'dst'): PgbeltSide | undefined {
  const side = members.object(key)
  if (side === undefined) return undefined
  const [host, ip] = [address(side, 'host'), address(side, 'ip')]
  const port = side.port('port')
  const database = side.text('db')?.text
  const [root, owner, pglogical] = [user(side, 'root_user'), user(side, 'owner_user'), user(side, 'pglogical_user')]
  const others = otherUsers(side)
  side.leftOver(SIDE_KEYS)
  if (host === undefined || ip === undefined || port === undefined || database === undefined) return undefined
  if (root === undefined || owner === undefined || pglogical === undefined) return undefined
  return { host, ip, port, database, root, owner, pglogical, others }
}

/** A whole connection string in its place may hold a password, so that it must not go on into a spec. */
function address(side: Members, key: string): string | undefined {
  const placed = side.text(key)
  if (placed === undefined || /^[\w.:%-]+$/.test(placed.text)) return placed?.text
  side.error(placed.at, 'import-value', `${side.name(key)} is not a host name or an address`)
  return undefined
}

function user(side: Members, key: string): PgbeltUser | undefined {
  const members = side.object(key)
  return members === undefined ? undefined : userOf(members)
}

function userOf(members: Members): PgbeltUser | undefined {
  const name = members.text('name')
  const passwordAt = members.secret('pw')
  members.leftOver(USER_KEYS)
  return name === undefined ? undefined : { name, passwordAt }
}

function otherUsers(side: Members): readonly PgbeltUser[] {
  return side.objects('other_users').flatMap((each) => userOf(each) ?? [])
}

function warnOfSequences(members: Members): void {
  const [first] = members.texts('sequences')
  if (first === undefined) return
  members.warn(
    first.at,
    'import-sequences',
    'sequences lists some, and belt carries every sequence of the schema that stands on both sides',
    'Nothing on a target of its own. Where others use the target too, look at those sequences in the plan to cutover.',
  )
}

function warnOfPatterns(members: Members): void {
  for (const { at } of members.texts('exclude_patterns')) {
    members.warn(
      at,
      'import-pattern',
      'exclude_patterns: belt spares roles by name, not by pattern; without them the fence holds these logins too',
      'On the source: select rolname from pg_roles where rolname ilike the pattern; add the names to cutover.except_roles.',
    )
  }
}

function distinct(texts: readonly Placed[]): readonly string[] {
  return [...new Set(texts.map((t) => t.text))]
}
