import type { SecretUse } from '../actions/base.js'
import { quoteConninfo } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'

const PASSWORD = '${secret:roles.replication.password}'

export const REPLICATION_PASSWORD: SecretUse = {
  placeholder: PASSWORD,
  source: { from: 'spec', path: 'roles.replication.password' },
  as: 'conninfo',
}

/**
 * How one server dials the other, to stand inside a string constant. The password is a placeholder; row_security off
 * makes a filtered read an error (rule 1).
 */
export function conninfo(context: MigrationContext, publisher: Side): string {
  const { spec } = context
  const options = [['options', '-crow_security=off']] as const
  return `${dial(context, publisher, spec.roles.replication.name, options)} password=${PASSWORD}`
}

/** Everything but a password, to stand inside a string constant. */
export function dial(
  context: MigrationContext,
  side: Side,
  user: string,
  more: readonly (readonly [key: string, value: string])[] = [],
): string {
  const { reachableAt } = context.spec[side]
  const parts = [
    ['host', reachableAt.host],
    ['port', String(reachableAt.port)],
    ['dbname', context[side].database.name],
    ['user', user],
    ['sslmode', reachableAt.tls],
    ...(reachableAt.caOnServer === undefined ? [] : [['sslrootcert', reachableAt.caOnServer]]),
    ['connect_timeout', '10'],
    ...more,
  ]
  const text = parts.map(([key = '', value = '']) => `${key}=${quoteConninfo(value)}`).join(' ')
  return text.replaceAll("'", "''")
}
