import { readFile, stat } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import type { TlsSettings } from '../spec/spec.js'
import { ConnectError } from './driver-error.js'

/** Where operating systems keep their bundle of public authorities (Debian, Fedora, Alpine and macOS, SUSE). */
const SYSTEM_BUNDLES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
  '/etc/ssl/ca-bundle.pem',
]

/**
 * The PEM texts to trust: those of a file, or for `system` the operating system's bundle with its administrator's
 * own authorities, or the list that Node carries when there is no bundle.
 */
export async function readTrustedRoots(ca: string, bundles = SYSTEM_BUNDLES): Promise<readonly string[]> {
  if (ca !== 'system') return [await readPem(ca, 'CERTIFICATE', 'CA')]
  for (const path of bundles) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return [text]
  }
  return rootCertificates
}

export async function readClientCertificate(
  tls: TlsSettings,
): Promise<{ readonly cert?: string; readonly key?: string }> {
  if (tls.cert === undefined && tls.key === undefined) return {}
  if (tls.cert === undefined || tls.key === undefined) {
    throw fileError('tls-client-cert', 'a client certificate needs both `cert` and `key`')
  }
  await checkKeyMode(tls.key)
  return {
    cert: await readPem(tls.cert, 'CERTIFICATE', 'client certificate'),
    key: await readPem(tls.key, 'PRIVATE KEY', 'client key'),
  }
}

/** libpq's rule: private to its owner, or owned by root and readable by one group. */
async function checkKeyMode(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw fileError('tls-file', `cannot read the client key ${path}`, cause)
  })
  const open = found.mode & (found.uid === 0 ? 0o027 : 0o077)
  if (open !== 0) {
    throw new ConnectError('tls-key-permissions', `the client key ${path} can be read by others`, {
      hint: `Run: chmod 600 ${path}`,
      transient: false,
    })
  }
}

async function readPem(path: string, label: string, what: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fileError('tls-file', `cannot read the ${what} file ${path}`, cause)
  })
  if (!new RegExp(`-----BEGIN (?:[A-Z0-9]+ )*${label}-----`).test(text)) {
    throw fileError('tls-file', `the ${what} file ${path} holds no PEM "${label}"`)
  }
  return text
}

function fileError(code: string, message: string, cause?: unknown): ConnectError {
  return new ConnectError(code, message, { transient: false, ...(cause === undefined ? {} : { cause }) })
}
