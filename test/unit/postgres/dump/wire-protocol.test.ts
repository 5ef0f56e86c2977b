import { expect, test } from 'vitest'
import { loginAnswer, readFirstMessage } from '../../../../src/postgres/dump/bundled/wire-protocol.js'

const first = (code: number, rest = ''): Buffer => {
  const bytes = Buffer.alloc(8 + rest.length)
  bytes.writeInt32BE(bytes.length, 0)
  bytes.writeInt32BE(code, 4)
  bytes.write(rest, 8, 'latin1')
  return bytes
}
const startup = first(196_608, 'user\0x\0\0')

test('a start-up message is complete with its last byte only', () => {
  for (let length = 0; length < startup.length; length += 1) {
    expect(readFirstMessage(startup.subarray(0, length))).toBe('incomplete')
  }
  expect(readFirstMessage(startup)).toBe('startup')
})

test('requests for encryption are told apart, and anything else is refused', () => {
  expect(readFirstMessage(first(80_877_103))).toBe('encryption-request')
  expect(readFirstMessage(first(80_877_104))).toBe('encryption-request')
  expect(() => readFirstMessage(first(131_072, 'user\0x\0\0'))).toThrow(/unknown message/)
  expect(() => readFirstMessage(Buffer.concat([startup, Buffer.from('Q')]))).toThrow(/unknown message/)
})

test('the answer accepts, reports the parameters and is ready', () => {
  const answer = loginAnswer([['server_version', '15.18']], 4711)
  const types: string[] = []
  for (let at = 0; at < answer.length; at += 1 + answer.readInt32BE(at + 1))
    types.push(String.fromCharCode(answer[at] ?? 0))
  expect(types).toEqual(['R', 'S', 'K', 'Z'])
  expect(answer.includes('server_version\x0015.18\0')).toBe(true)
})
