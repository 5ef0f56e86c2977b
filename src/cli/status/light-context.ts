import type { Catalog } from '../../catalog/catalog.js'
import type { Side } from '../../core/side.js'
import type { BothSides } from '../../inspect/both-sides.js'
import { inspectDatabase } from '../../inspect/inspect.js'
import { withLatestPosition } from '../../inspect/latest-position.js'
import { probeReplicationLogin } from '../../inspect/replication-login.js'
import { readStreams } from '../../inspect/streams/read-streams.js'
import { withoutSource } from '../../migration/gone-source.js'
import { migrationContext, type MigrationContext } from '../../migration/context.js'
import { inSameCluster } from '../../postgres/same-cluster.js'
import { unknownMigration } from '../inspect-sides.js'
import type { State } from '../../state/state.js'

/**
 * Both databases without their schema scripts: enough for names, roles, replication and the stage. With `streams` it is
 * looked at closely how replication does, which may take seconds where it does not do well.
 */
export async function lightContext(
  both: BothSides,
  state: State | undefined,
  signal: AbortSignal,
  look: 'streams' | 'catalogs' = 'catalogs',
): Promise<MigrationContext> {
  const inspect = (side: Side): Promise<Catalog> =>
    inspectDatabase(both.sessions[side], { side }, () => Promise.resolve(NO_SCRIPT), signal)
  if (both.input.spec.gone === 'source') {
    const target = await withLatestPosition(await inspect('target'), both.sessions.target)
    const inspection = withoutSource(both.input.spec, target, state, 'unknown') ?? unknownMigration()
    return migrationContext(both.input.spec, inspection, state)
  }
  const [first, second] = await Promise.all([inspect('source'), inspect('target')])
  const source = await withLatestPosition(first, both.sessions.source)
  const target = await withLatestPosition(second, both.sessions.target)
  const sameCluster = await inSameCluster(both.sessions.source, both.sessions.target)
  const replicationLogin = { source: 'unknown', target: 'unknown' } as const
  if (look === 'catalogs') {
    return migrationContext(both.input.spec, { source, target, sameCluster, replicationLogin }, state)
  }
  const logins = {
    source: await probeReplicationLogin(both, source, signal),
    target: await probeReplicationLogin(both, target, signal),
  }
  const streams = await readStreams(both, { source, target }, signal)
  return migrationContext(both.input.spec, { source, target, sameCluster, replicationLogin: logins, streams }, state)
}

/** In place of a schema dump, for what needs none. */
export const NO_SCRIPT = { objects: [], tool: { kind: 'bundled', version: 'none' } } as const
