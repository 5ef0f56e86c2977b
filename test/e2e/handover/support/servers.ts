import { onTestFinished } from 'vitest'
import type { EmbeddedServer, StartOptions } from '../../../../src/embedded/server.js'
import { freshDatabase } from '../../../support/databases.js'
import { ownServer, type DatabasePair } from '../../../support/servers.js'

export interface OwnPair extends DatabasePair {
  readonly servers: { readonly source: EmbeddedServer; readonly target: EmbeddedServer }
}

/** Two servers of the test's own: what is left there is belt's, and they may be killed. */
export async function ownPair(
  name: string,
  from: StartOptions = { major: 15 },
  to: StartOptions = { major: 17 },
): Promise<OwnPair> {
  const [source, target] = await Promise.all([ownServer(from), ownServer(to)])
  onTestFinished(async () => {
    await Promise.all([source.stop(), target.stop()])
  })
  return {
    source: await freshDatabase(source, name),
    target: await freshDatabase(target, name),
    servers: { source, target },
  }
}
