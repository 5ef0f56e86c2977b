import { BeltError } from '../../../core/error.js'
import { aborted } from '../../aborted.js'
import { translateError } from '../../driver-error.js'
import { describeEndpoint, type ConnectionSettings } from '../../connection-settings.js'
import { openClient } from '../../open-client.js'
import { prepareSession } from '../../prepare-session.js'
import type { SecretRegistry } from '../../redact.js'
import type { RawSession } from './wire.js'

interface ParameterRow {
  readonly name: string
  readonly value: string
}

/** What libpq and pg_dump read of what a server reports at login. */
const PARAMETERS = `
  select s.name::text as name, pg_catalog.current_setting(s.name)::text as value
  from pg_catalog.pg_settings as s
  where s.name in ('server_version', 'server_encoding', 'client_encoding', 'standard_conforming_strings',
    'is_superuser', 'in_hot_standby', 'default_transaction_read_only', 'integer_datetimes', 'DateStyle',
    'IntervalStyle', 'TimeZone')
  order by s.name collate "C"`

/** Logs in with the driver (TLS, SCRAM, belt's session settings) and takes the connection over from it. */
export async function openRawSession(
  settings: ConnectionSettings,
  secrets: SecretRegistry,
  signal: AbortSignal,
): Promise<RawSession> {
  const client = await openClient(settings, secrets, signal)
  const { stream } = client.connection
  const stop = (): void => void stream.destroy(aborted(signal))
  signal.addEventListener('abort', stop, { once: true })
  try {
    const { pid } = await prepareSession(client, {})
    const { rows } = await client.query<ParameterRow>(PARAMETERS)
    if (!rows.some((row) => row.name === 'server_version')) {
      throw new BeltError('dump-failed', 'the server does not tell its version')
    }
    return { stream, pid, parameters: rows.map(({ name, value }) => [name, value]) }
  } catch (error) {
    stream.destroy()
    if (signal.aborted) throw aborted(signal)
    throw translateError(error, { endpoint: describeEndpoint(settings), redact: (text) => secrets.redact(text) })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
