import { utf8ToBytes } from '@noble/hashes/utils.js'
import { postgresHash } from '../core/postgres-hash.js'

const PART = 16

/**
 * The slot that pglogical makes for a subscription, which nobody can name otherwise: subscriber's database, provider's
 * node and subscription, each cut to 16 bytes, what no slot's name may hold replaced by `_`.
 */
export function pglogicalSlot(subscriberDatabase: string, providerNode: string, subscription: string): string {
  return `pgl_${[subscriberDatabase, providerNode, subscription].map(shortened).join('_')}`.slice(0, 63)
}

/** `%.8s%08x` in a buffer of 16 bytes with its NUL: so one digit of the hash is lost. */
function shortened(name: string): string {
  const bytes = utf8ToBytes(name)
  const hash = postgresHash(name).toString(16).padStart(8, '0')
  const kept = bytes.length <= PART ? letters(bytes) : letters(bytes.slice(0, 8)) + hash.slice(0, 7)
  return kept
}

function letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join('')
    .replaceAll(/[^a-z0-9_]/g, '_')
}
