import { BeltError } from '../../../core/error.js'

const PROTOCOL_3 = 196_608
const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104

/** What libpq sends first: the real login is done already, so belt answers this itself. */
export type FirstMessage = 'incomplete' | 'encryption-request' | 'startup'

export function readFirstMessage(bytes: Buffer): FirstMessage {
  if (bytes.length < 8 || bytes.length < bytes.readInt32BE(0)) return 'incomplete'
  const code = bytes.readInt32BE(4)
  if (code === SSL_REQUEST || code === GSS_REQUEST) return 'encryption-request'
  if (code >>> 16 === PROTOCOL_3 >>> 16 && bytes.length === bytes.readInt32BE(0)) return 'startup'
  throw new BeltError('dump-failed', `the bundled pg_dump began with an unknown message (${String(code)})`)
}

/** The answer to a login: accepted, the session's parameters, its process, ready. */
export function loginAnswer(parameters: readonly (readonly [string, string])[], pid: number): Buffer {
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  return Buffer.concat([
    message('R', int(0)),
    ...parameters.map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    // The real cancel key is not needed: belt cancels from a connection of its own.
    message('K', int(pid), int(0)),
    message('Z', Buffer.from('I')),
  ])
}

function message(type: string, ...body: readonly Buffer[]): Buffer {
  const content = Buffer.concat(body)
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}
