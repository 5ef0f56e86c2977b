import { onTestFinished, test } from 'vitest'
import { checkScenario } from './check-scenario.js'
import { scenariosOf } from './scenario.js'
import { startPglogicalServers, stopGoldenServers } from './servers.js'

/**
 * A file of its own: these need Debian's servers, and without them all other plans are still compared. Each has servers
 * of its own, since DROP DATABASE can hang behind pglogical's workers: tell much in one story.
 */
test.each(scenariosOf('pglogical'))(
  'the plans of %s are as reviewed, and the same whenever they are made',
  async (name) => {
    const servers = await startPglogicalServers()
    onTestFinished(() => stopGoldenServers(servers))
    await checkScenario(name, servers)
  },
)
