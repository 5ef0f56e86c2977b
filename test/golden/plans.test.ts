import { afterAll, afterEach, beforeAll, test } from 'vitest'
import { checkScenario } from './check-scenario.js'
import { scenariosOf } from './scenario.js'
import { emptyServers, type GoldenServers, startGoldenServers, stopGoldenServers } from './servers.js'

let servers: GoldenServers

beforeAll(async () => {
  servers = await startGoldenServers()
})
afterEach(() => emptyServers(servers))
afterAll(() => stopGoldenServers(servers))

/** `npm run golden` writes the files anew; review what changed in them as you would review code. */
test.each(scenariosOf('native'))('the plans of %s are as reviewed, and the same whenever they are made', (name) =>
  checkScenario(name, servers),
)
