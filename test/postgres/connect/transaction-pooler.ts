import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

/** A running pooler. */
export interface Pooler {
  readonly port: number
  close(): Promise<void>
}

/**
 * A pooler in transaction mode in front of a real server that trusts its user: each transaction of a client goes to
 * the server connection that was used last, as PgBouncer does, and another one is opened only if all are busy.
 */
export async function startTransactionPooler(target: {
  readonly port: number
  readonly user: string
  readonly database: string
}): Promise<Pooler> {
  const idle: Socket[] = []
  const open = new Set<Socket>()

  const acquire = async (): Promise<Socket> => {
    const free = idle.pop()
    if (free !== undefined) return free
    const socket = connect(target.port, '127.0.0.1')
    open.add(socket)
    socket.write(startup({ user: target.user, database: target.database }))
    await new Promise<void>((resolve, reject) => {
      const messages = messageReader((type) => {
        if (type === 'E') reject(new Error('the server refused the pooler'))
        if (type !== 'Z') return
        socket.off('data', messages)
        resolve()
      })
      socket.on('data', messages)
      socket.once('error', reject)
    })
    return socket
  }

  const serve = async (client: Socket): Promise<void> => {
    await once(client, 'data')
    client.write(GREETING)
    let server: Socket | undefined
    let turn = Promise.resolve()
    const forward = async (chunk: Buffer): Promise<void> => {
      if (chunk[0] === 0x58) {
        client.end()
        return
      }
      if (server === undefined) {
        const mine = await acquire()
        server = mine
        const watch = messageReader((type, body) => {
          // Ready for query and not in a transaction: the server connection is anybody's again.
          if (type !== 'Z' || body.toString('latin1') !== 'I') return
          mine.off('data', pass)
          server = undefined
          idle.push(mine)
        })
        const pass = (data: Buffer): void => {
          client.write(data)
          watch(data)
        }
        mine.on('data', pass)
      }
      server.write(chunk)
    }
    client.on('data', (chunk: Buffer) => {
      turn = turn.then(() => forward(chunk))
    })
  }

  const listener = createServer((client) => {
    open.add(client)
    client.on('error', () => client.destroy())
    void serve(client)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type, 'latin1'), length, body])
}

function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const version = Buffer.from([0, 3, 0, 0])
  const text = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`)
  return message('', Buffer.concat([version, Buffer.from(`${text.join('')}\0`)]))
}

/** Authentication ok, a process number of the pooler's own, ready for query. */
const GREETING = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('K', Buffer.from([0, 0, 0, 1, 0, 0, 0, 2])),
  message('Z', Buffer.from('I')),
])

/** Cuts what a server sends into messages. */
function messageReader(onMessage: (type: string, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1
      onMessage(rest.toString('latin1', 0, 1), rest.subarray(5, end))
      rest = rest.subarray(end)
    }
  }
}
