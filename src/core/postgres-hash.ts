import { utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * Postgres' hash_bytes (Bob Jenkins' lookup3, little-endian; the same in 12 to 18) of a text's UTF-8 bytes: what
 * `hashtext` gives, as an unsigned number of 32 bits.
 */
export function postgresHash(text: string): number {
  const bytes = utf8ToBytes(text)
  const byte = (at: number): number => bytes[at] ?? 0
  const word = (at: number): number => byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24)
  let left = bytes.length
  let a = (0x9e3779b9 + bytes.length + 3923095) | 0
  let b = a
  let c = a
  let at = 0
  for (; left >= 12; at += 12, left -= 12) {
    ;[a, b, c] = mix((a + word(at)) | 0, (b + word(at + 4)) | 0, (c + word(at + 8)) | 0)
  }
  // The lowest byte of the last word is reserved for the length.
  c = (c + ((byte(at + 8) << 8) | (byte(at + 9) << 16) | (byte(at + 10) << 24))) | 0
  b = (b + word(at + 4)) | 0
  a = (a + word(at)) | 0
  return last(a, b, c) >>> 0
}

type Words = [a: number, b: number, c: number]

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by))
}

function mix(a: number, b: number, c: number): Words {
  a = (a - c) ^ rotate(c, 4)
  c = (c + b) | 0
  b = (b - a) ^ rotate(a, 6)
  a = (a + c) | 0
  c = (c - b) ^ rotate(b, 8)
  b = (b + a) | 0
  a = (a - c) ^ rotate(c, 16)
  c = (c + b) | 0
  b = (b - a) ^ rotate(a, 19)
  a = (a + c) | 0
  c = (c - b) ^ rotate(b, 4)
  b = (b + a) | 0
  return [a, b, c]
}

function last(a: number, b: number, c: number): number {
  c = (c ^ b) - rotate(b, 14)
  a = (a ^ c) - rotate(c, 11)
  b = (b ^ a) - rotate(a, 25)
  c = (c ^ b) - rotate(b, 16)
  a = (a ^ c) - rotate(c, 4)
  b = (b ^ a) - rotate(a, 14)
  return (c ^ b) - rotate(b, 24)
}
