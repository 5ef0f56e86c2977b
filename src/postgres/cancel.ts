import type { ConnectionSettings } from './connection-settings.js'
import { withDeadline } from './deadline.js'
import { closeClient, openClient } from './open-client.js'
import type { SecretRegistry } from './redact.js'

const CANCEL_MS = 5_000

/** pg_cancel_backend from a connection of its own; false when there is no such server process any more. */
export async function cancelBackend(
  settings: ConnectionSettings,
  secrets: SecretRegistry,
  pid: number,
): Promise<boolean> {
  const client = await withDeadline(CANCEL_MS, [], (signal) => openClient(settings, secrets, signal))
  try {
    const result = await client.query<{ cancelled: boolean }>(
      'select pg_catalog.pg_cancel_backend(a.pid) as cancelled from pg_catalog.pg_stat_activity as a where a.pid = $1::int4',
      [pid],
    )
    return result.rows[0]?.cancelled ?? false
  } finally {
    await closeClient(client)
  }
}
