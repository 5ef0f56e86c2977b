import type { Diagnostic, Position } from '../core/diagnostic.js'
import { quoteQualified } from '../core/quote.js'
import type { PgbeltConfig, PgbeltSide, PgbeltUser } from './config.js'
import { migrationNames, variablePrefixes } from './names.js'

/** Plain data of a spec, ready to be written as YAML. */
export interface SpecData {
  readonly [key: string]: SpecValue
}
export type SpecValue = string | number | readonly string[] | SpecData

/** An environment variable that a spec takes a password from, and where pgbelt has that password. */
export interface PasswordVariable {
  readonly variable: string
  /** e.g. `src.root_user.pw` */
  readonly field: string
  readonly file: string
  /** Undefined where the configuration has none. */
  readonly at: Position | undefined
}

export interface Translation {
  /** One entry a configuration, each a complete migration. */
  readonly migrations: readonly SpecData[]
  readonly variables: readonly PasswordVariable[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What configurations of pgbelt say, as specs say it. Passwords become references to environment variables. `engine`: as the spec's; without it, its default. */
export function toSpecs(configs: readonly PgbeltConfig[], engine?: 'native' | 'pglogical'): Translation {
  const names = migrationNames(configs)
  const prefixes = variablePrefixes(names)
  const each = configs.map((config, index) => toSpec(config, engine, names[index] ?? '', prefixes[index] ?? ''))
  return {
    migrations: each.map((e) => e.migration),
    variables: each.flatMap((e) => e.variables),
    diagnostics: each.flatMap((e) => e.diagnostics),
  }
}

interface Translated {
  readonly migration: SpecData
  readonly variables: readonly PasswordVariable[]
  readonly diagnostics: readonly Diagnostic[]
}

function toSpec(
  config: PgbeltConfig,
  engine: 'native' | 'pglogical' | undefined,
  name: string,
  prefix: string,
): Translated {
  const { source, target, schema, tables, excludeUsers, file } = config
  const admin = { source: `${prefix}_SOURCE_ADMIN_PASSWORD`, target: `${prefix}_TARGET_ADMIN_PASSWORD` }
  const replication = `${prefix}_REPLICATION_PASSWORD`
  const withRows = tables.map((table) => quoteQualified(schema, table))
  const migration: SpecData = {
    name,
    stage: 'replicating',
    ...(engine === undefined ? {} : { engine }),
    source: endpoint(source, admin.source),
    target: endpoint(target, admin.target),
    scope: { schemas: [schema], ...(withRows.length === 0 ? {} : { tables: { with_rows: withRows } }) },
    roles: { replication: { name: source.pglogical.name.text, password: { env: replication } }, copy: roles(config) },
    ...(excludeUsers.length === 0 ? {} : { cutover: { except_roles: excludeUsers } }),
  }
  const variable = (name: string, field: string, { passwordAt }: PgbeltUser): PasswordVariable => ({
    variable: name,
    field,
    file,
    at: passwordAt,
  })
  const variables = [
    variable(admin.source, 'src.root_user.pw', source.root),
    variable(admin.target, 'dst.root_user.pw', target.root),
    variable(replication, 'src.pglogical_user.pw', source.pglogical),
  ]
  return { migration, variables, diagnostics: differences(config) }
}

function endpoint({ host, ip, port, database, root }: PgbeltSide, variable: string): SpecData {
  return {
    host,
    port,
    database,
    admin: { user: root.name.text, password: { env: variable } },
    // pgbelt's own connections go to `ip` too; the servers' must.
    ...(ip === host ? {} : { reachable_at: { host: ip } }),
  }
}

/** The owner and the logins pgbelt noted; the administrator and the replication role are no application roles. */
function roles({ source }: PgbeltConfig): readonly string[] {
  const { root, owner, pglogical, others } = source
  const apart = new Set([root.name.text, pglogical.name.text])
  return [...new Set([owner, ...others].map((u) => u.name.text))].filter((role) => !apart.has(role))
}

/** What pgbelt lets differ between both sides, and belt does not. */
function differences({ source, target }: PgbeltConfig): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const warn = (at: Position, message: string, fix: string): void => {
    found.push({ severity: 'warning', code: 'import-differs', message, fix, at })
  }
  if (source.pglogical.name.text !== target.pglogical.name.text) {
    warn(
      target.pglogical.name.at,
      'dst.pglogical_user has another name than that of src, and belt has one replication role: the name of src is taken',
      'Change roles.replication.name if the other is the one that pg_hba.conf lets in.',
    )
  }
  if (source.owner.name.text !== target.owner.name.text) {
    warn(
      target.owner.name.at,
      'dst.owner_user is another role than that of src: belt keeps the owner of each object, pgbelt gave all to dst.owner_user',
      'Nothing, or reassign owned on the target after the cutover.',
    )
  }
  const known = new Set([source.owner, ...source.others].map((u) => u.name.text))
  for (const { name } of target.others) {
    if (known.has(name.text)) continue
    warn(
      name.at,
      'dst.other_users names a login that src does not have: belt copies roles of the source only, and leaves this one as it is',
      'Nothing, unless the source has it: then add it to roles.copy.',
    )
  }
  return found
}
