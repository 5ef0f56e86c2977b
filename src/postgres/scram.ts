import { createHash, createHmac, pbkdf2 as pbkdf2Callback, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { saslprep } from '@mongodb-js/saslprep'
import { Secret } from '../core/secret.js'

const pbkdf2 = promisify(pbkdf2Callback)

export interface ScramOptions {
  /** 4,096: the server's default up to 18 (scram_iterations from 16 on). */
  readonly iterations?: number
  /** 16 random bytes. */
  readonly salt?: Uint8Array
}

/**
 * What the server would store for this password (pg_authid.rolpassword), so that CREATE ROLE and ALTER ROLE carry
 * no clear password: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey` (RFC 5803, without the scheme prefix).
 */
export async function scramVerifier(password: Secret, options: ScramOptions = {}): Promise<Secret> {
  const { iterations = 4096, salt = randomBytes(16) } = options
  const salted = await pbkdf2(normalizePassword(password.reveal()), salt, iterations, 32, 'sha256')
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64')
  const serverKey = key('Server Key').toString('base64')
  return new Secret(`SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`)
}

/**
 * SASLprep as Postgres applies it: ASCII stays as it is, control characters included, and a password that SASLprep
 * forbids is used unchanged (RFC 5802 would refuse it).
 */
function normalizePassword(password: string): string {
  if (Buffer.byteLength(password) === password.length) return password
  try {
    const prepared = saslprep(password)
    return prepared === '' ? password : prepared
  } catch {
    return password
  }
}
