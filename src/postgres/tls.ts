import type { ConnectionOptions } from 'node:tls'
import type { TlsSettings } from '../spec/spec.js'
import { ConnectError } from './driver-error.js'
import { SqlError } from './server-error.js'
import { SQLSTATE } from './sqlstate.js'
import { readClientCertificate, readTrustedRoots } from './tls-files.js'

/** One way to try: in plain text, or encrypted with these options. */
export type TlsAttempt =
  { readonly encrypted: false } | { readonly encrypted: true; readonly options: ConnectionOptions }

/**
 * What libpq does for each sslmode, as one or two attempts in order. node-postgres' own modes of the same names differ:
 * its `prefer` and `require` verify certificates, and it never falls back.
 *
 * - disable: plain. allow: plain, then TLS. prefer: TLS, then plain. require, verify-ca, verify-full: TLS only.
 * - A CA file makes every mode that encrypts check the chain, as libpq does; only verify-full checks the name.
 * - `ca: system` demands verify-full, as libpq 16 does. verify-full without `ca` trusts the system's roots too,
 *   because belt reads no ~/.postgresql/root.crt; verify-ca without `ca` is refused.
 * - A Unix socket is never encrypted.
 */
export async function tlsAttempts(tls: TlsSettings, host: string): Promise<readonly TlsAttempt[]> {
  const plain: TlsAttempt = { encrypted: false }
  if (tls.mode === 'disable' || host.startsWith('/')) return [plain]
  const encrypted: TlsAttempt = { encrypted: true, options: await tlsOptions(tls) }
  if (tls.mode === 'allow') return [plain, encrypted]
  if (tls.mode === 'prefer') return [encrypted, plain]
  return [encrypted]
}

async function tlsOptions(tls: TlsSettings): Promise<ConnectionOptions> {
  const ca = tls.ca ?? (tls.mode === 'verify-full' ? 'system' : undefined)
  if (ca === 'system' && tls.mode !== 'verify-full') {
    throw new ConnectError('tls-weak-mode', `tls mode ${tls.mode} cannot be used with ca: system`, {
      hint: 'Anybody can get a certificate from a public authority, so the name must be checked: use verify-full.',
      transient: false,
    })
  }
  if (ca === undefined && tls.mode === 'verify-ca') {
    throw new ConnectError('tls-ca-missing', 'tls mode verify-ca needs a CA file', {
      hint: 'Set `ca` to a PEM file with the certificates to trust, or use verify-full with `ca: system`.',
      transient: false,
    })
  }
  const client = await readClientCertificate(tls)
  if (ca === undefined) return { ...client, rejectUnauthorized: false }
  const options: ConnectionOptions = { ...client, ca: [...(await readTrustedRoots(ca))], rejectUnauthorized: true }
  // Node compares names and IP addresses with the certificate's alternative names unless told otherwise.
  return tls.mode === 'verify-full' ? options : { ...options, checkServerIdentity: () => undefined }
}

/**
 * Whether libpq would go on to the second attempt. A wrong password is no reason to send it once more in plain text,
 * so only what TLS can change counts: no TLS at the server, a failed handshake, no matching pg_hba.conf line.
 */
export function mayFallBack(error: unknown): boolean {
  if (error instanceof SqlError) return error.sqlState === SQLSTATE.invalidAuthorization
  return error instanceof ConnectError && error.code.startsWith('tls-')
}
