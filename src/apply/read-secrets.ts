import type { SecretSource, SecretUse } from '../actions/base.js'
import { BeltError } from '../core/error.js'
import { Secret } from '../core/secret.js'
import type { ResolveSecret } from '../postgres/connection-settings.js'
import type { SecretRegistry } from '../postgres/redact.js'
import { scramVerifier } from '../postgres/scram.js'
import type { Session } from '../postgres/session.js'
import type { SecretReference, Spec } from '../spec/spec.js'
import type { SecretValues } from './fill-secrets.js'

export interface SecretReader {
  readonly spec: Spec
  readonly resolveSecret: ResolveSecret
  readonly secrets: SecretRegistry
  /** A session on the source, where verifiers and options are read from. */
  readonly source: Session
}

/** The values of an action's placeholders, read now and known to the redactor before anything else sees them. */
export async function readSecrets(uses: readonly SecretUse[], reader: SecretReader): Promise<SecretValues> {
  const values = new Map<string, Secret | null>()
  for (const use of uses) {
    const value = await valueOf(use.source, reader)
    if (value !== null) reader.secrets.add(value)
    const sent = value !== null && use.as === 'scram' ? await scramVerifier(value) : value
    if (sent !== null) reader.secrets.add(sent)
    values.set(use.placeholder, sent)
  }
  return values
}

async function valueOf(source: SecretSource, reader: SecretReader): Promise<Secret | null> {
  switch (source.from) {
    case 'spec':
      return reader.resolveSecret(referenceAt(source.path, reader.spec))
    case 'role-verifier':
      return roleVerifier(reader.source, source.role)
    case 'foreign-option':
      return foreignOption(reader.source, source.server, source.user, source.option)
  }
}

/** The spec's reference to a secret that a plan names. */
export function referenceAt(path: string, spec: Spec): SecretReference {
  const references: Readonly<Record<string, SecretReference | undefined>> = {
    'roles.replication.password': spec.roles.replication.password,
    'source.admin.password': spec.source.admin.password,
    'target.admin.password': spec.target.admin.password,
  }
  const reference = references[path]
  if (reference === undefined) {
    throw new BeltError('secret-missing', `the spec has no secret ${path}, which the plan needs`, {
      hint: `Set ${path}, or make a new plan.`,
    })
  }
  return reference
}

async function roleVerifier(source: Session, role: string): Promise<Secret | null> {
  const [row] = await source.query<{ verifier: string | null }>(
    'select a.rolpassword as verifier from pg_catalog.pg_authid as a where a.rolname = $1::name',
    [role],
  )
  if (row === undefined)
    throw new BeltError('secret-missing', `the source has no role ${role} any more`, { hint: 'Make a new plan.' })
  return row.verifier === null ? null : new Secret(row.verifier)
}

const SERVER_OPTION = `
  select o.option_value as value
  from pg_catalog.pg_foreign_server as s
  cross join lateral pg_catalog.pg_options_to_table(s.srvoptions) as o
  where s.srvname = $1::name and o.option_name = $2::text`

/** PUBLIC's mapping is called `public` by the view. */
const MAPPING_OPTION = `
  select o.option_value as value
  from pg_catalog.pg_user_mappings as m
  cross join lateral pg_catalog.pg_options_to_table(m.umoptions) as o
  where m.srvname = $1::name and o.option_name = $2::text
    and m.usename = case when pg_catalog.lower($3::text) = 'public' then 'public'::name else $3::name end`

async function foreignOption(
  source: Session,
  server: string,
  user: string | undefined,
  option: string,
): Promise<Secret> {
  const [row] =
    user === undefined
      ? await source.query<{ value: string }>(SERVER_OPTION, [server, option])
      : await source.query<{ value: string }>(MAPPING_OPTION, [server, option, user])
  if (row === undefined) {
    const whose = user === undefined ? `server ${server}` : `the user mapping of ${user} for server ${server}`
    throw new BeltError('secret-missing', `cannot read option ${option} of ${whose} on the source`, {
      hint: 'The user belt connects as must own the server or be a superuser; or make a new plan if it is gone.',
    })
  }
  return new Secret(row.value)
}
