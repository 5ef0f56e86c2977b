import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { startServer, type EmbeddedServer } from '../../src/embedded/server.js'
import { isEmbeddedMajor } from '../../src/embedded/versions.js'
import { buildBelt } from './build.js'
import { fetchDebianTree } from './debian-fetch.js'
import type { TestServer } from './servers.js'

export interface Broker {
  readonly url: string
  /** Stops every server that was asked for. */
  close(): Promise<void>
}

/**
 * Makes what the test files of one run share (servers, Debian's programs, belt as built from src) when the first of them asks:
 * the run of a single file starts no more than that file needs.
 */
export async function startBroker(root: string): Promise<Broker> {
  const servers = new Map<string, Promise<EmbeddedServer>>()
  const answers = new Map<string, Promise<unknown>>()
  let removeBuild: (() => Promise<void>) | undefined

  const make = async (what: string): Promise<unknown> => {
    const [kind, name = ''] = what.split('/')
    if (kind === 'server') {
      const server = startShared(Number(name))
      servers.set(name, server)
      return publicPart(await server)
    }
    if (kind === 'debian') return fetchDebianTree(Number(name))
    if (kind === 'build') {
      const build = await buildBelt(root)
      removeBuild = () => build.remove()
      return build.folder
    }
    throw new Error(`the broker knows no ${what}`)
  }
  const answer = (what: string): Promise<unknown> => {
    const known = answers.get(what)
    if (known !== undefined) return known
    const fresh = make(what)
    answers.set(what, fresh)
    return fresh
  }

  const token = randomBytes(12).toString('hex')
  const listener = http.createServer((request, response) => {
    const what = (request.url ?? '').replace(`/${token}/`, '')
    answer(what).then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/${token}`,
    close: async () => {
      listener.close()
      listener.closeAllConnections()
      const started = (await Promise.allSettled(servers.values())).filter((s) => s.status === 'fulfilled')
      await Promise.all(started.map((s) => s.value.stop()))
      await removeBuild?.()
    },
  }
}

async function startShared(major: number): Promise<EmbeddedServer> {
  if (!isEmbeddedMajor(major)) throw new Error(`there is no server of major ${String(major)}`)
  return startServer({ major })
}

function publicPart({ host, port, user, password, major, bin, dataDir, logFile }: EmbeddedServer): TestServer {
  return { host, port, user, password, major, bin, dataDir, logFile }
}
