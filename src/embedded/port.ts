import { randomInt } from 'node:crypto'
import net from 'node:net'
import { BeltError } from '../core/error.js'

/**
 * A random port of 127.0.0.1 that nobody listens on. It lies below 32768, where Linux takes the ports of outgoing
 * connections from, so no client socket occupies it while a server restarts.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new BeltError('embedded-unavailable', 'no free port between 15000 and 32000 on 127.0.0.1')
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => {
      resolve(false)
    })
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      probe.close(() => {
        resolve(true)
      })
    })
  })
}
