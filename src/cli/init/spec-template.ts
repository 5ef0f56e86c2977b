import { stringify } from 'yaml'
import type { Side } from '../../core/side.js'
import type { Answers, EndpointAnswers } from './answers.js'

/** Where the first spec takes its passwords from. */
export const PASSWORD_VARIABLES = {
  source: 'SOURCE_ADMIN_PASSWORD',
  target: 'TARGET_ADMIN_PASSWORD',
  replication: 'BELT_REPLICATION_PASSWORD',
} as const

/** A first spec with a word on each thing that people change. */
export function specTemplate({ name, source, target }: Answers): string {
  return `version: 1
name: ${word(name)}

# Where the migration should be: absent, prepared, replicating, then cutover, rolled-back or finalized.
# belt plan shows how to get there from where the databases are.
stage: replicating
engine: native

${endpoint('source', source)}
${endpoint('target', target)}
# What to move; without this, every schema of the source.
# scope:
#   schemas: [public]
#   tables: { exclude: ["public.tmp_*"], schema_only: [] }

roles:
  # belt makes this role for replication. It never becomes superuser.
  replication: { name: belt_replication, password: { env: ${PASSWORD_VARIABLES.replication} } }
  # Application roles to make on the target, with their passwords, memberships, settings and grants.
  copy: []

# Tables without a key: replicate_full compares whole rows, copy_at_cutover copies them in the pause.
# keyless: { default: replicate_full }

# Index builds at once on the target.
# indexes: { jobs: 2 }

# What belt remembers. In CI, put it where every run finds it.
# state: { backend: local, path: .belt/${name}.state.json }
`
}

function endpoint(side: Side, { host, port, database, user, tls }: EndpointAnswers): string {
  const path = side === 'source' ? 'the target reaches the source' : 'the source reaches the target'
  return `${side}:
  host: ${word(host)}
  port: ${port}
  database: ${word(database)}
  # As libpq's sslmode; for verify-full with a private CA: { mode: verify-full, ca: ./ca.pem }
  tls: ${tls}
  admin: { user: ${word(user)}, password: { env: ${PASSWORD_VARIABLES[side]} } }
  # Only when ${path} by another address than you do:
  # reachable_at: { host: 10.0.0.5, tls: require }
`
}

/** A text as YAML writes it on one line, quoted where it must be. */
function word(text: string): string {
  return stringify(text, { defaultStringType: isPlain(text) ? 'PLAIN' : 'QUOTE_DOUBLE', lineWidth: 0 }).trimEnd()
}

/** Inside `{ … }` a comma or bracket would end a plain word. */
function isPlain(text: string): boolean {
  return /^[\w./-]+$/.test(text)
}
