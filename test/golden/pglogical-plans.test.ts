import { afterAll, afterEach, beforeAll, test } from 'vitest'
import { checkScenario } from './check-scenario.js'
import { scenariosOf } from './scenario.js'
import { emptyServers, type GoldenServers, startPglogicalServers, stopGoldenServers } from './servers.js'

// A file of its own: these need Debian's servers, and without them all other plans are still compared.
let servers: GoldenServers

beforeAll(async () => {
  servers = await startPglogicalServers()
})
afterEach(() => emptyServers(servers))
afterAll(() => stopGoldenServers(servers))

test.each(scenariosOf('pglogical'))('the plan of %s is as reviewed, and the same whenever it is made', (name) =>
  checkScenario(name, servers),
)
