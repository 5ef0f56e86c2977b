import { startServer, type EmbeddedServer, type StartOptions } from '../../src/embedded/server.js'
import type { EmbeddedMajor } from '../../src/embedded/versions.js'
import { askBroker } from './broker-client.js'
import { freshDatabase, type TestDatabase } from './databases.js'

/** What a test needs to know of a server. */
export interface TestServer {
  readonly host: string
  readonly port: number
  /** The superuser and its password. */
  readonly user: string
  readonly password: string
  readonly major: number
  /** The folder of its programs. */
  readonly bin: string
  readonly dataDir: string
  readonly logFile: string
}

/**
 * The server of a major that all test files of the run share. Never stop or reconfigure it, and remember that roles,
 * slots and origins belong to the whole server: give them names from `uniqueName`. A transaction left open holds up
 * the slots of all other tests; use `ownServer` for such tests.
 */
export async function sharedServer(major: EmbeddedMajor): Promise<TestServer> {
  return (await askBroker(`server/${String(major)}`)) as TestServer
}

/** A server of the test's own, for special settings, crashes and restarts: `onTestFinished(() => server.stop())`. */
export async function ownServer(options: StartOptions): Promise<EmbeddedServer> {
  return startServer(options)
}

export interface DatabasePair {
  readonly source: TestDatabase
  readonly target: TestDatabase
}

/** Two fresh databases on the shared servers of two majors (or of one). */
export async function pair(from: EmbeddedMajor, to: EmbeddedMajor, name?: string): Promise<DatabasePair> {
  const [source, target] = await Promise.all([sharedServer(from), sharedServer(to)])
  return { source: await freshDatabase(source, name), target: await freshDatabase(target, name) }
}
