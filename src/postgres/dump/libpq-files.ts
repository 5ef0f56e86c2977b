import type { FileHandle } from 'node:fs/promises'
import type { ConnectionSettings } from '../connection-settings.js'
import type { SecretRegistry } from '../redact.js'
import { readTrustedRoots } from '../tls-files.js'
import { connectionEnvironment } from './native-environment.js'
import { fitsPasswordFile, passwordFileEntry } from './password-file.js'
import { openUnnamedFile } from './unnamed-file.js'

/** How a child process that uses libpq gets to the same server as belt. */
export interface LibpqAccess {
  readonly env: Readonly<Record<string, string>>
  /** Open files that the child must inherit as descriptors 3, 4, … */
  readonly descriptors: readonly number[]
}

const FIRST_DESCRIPTOR = 3

/** Lends what a libpq program needs to connect as belt does. */
export async function withLibpqAccess<T>(
  connection: ConnectionSettings,
  secrets: SecretRegistry,
  use: (access: LibpqAccess) => Promise<T>,
): Promise<T> {
  const files: FileHandle[] = []
  const file = async (content: string): Promise<string> => {
    files.push(await openUnnamedFile(content))
    return `/dev/fd/${String(FIRST_DESCRIPTOR + files.length - 1)}`
  }
  try {
    const secret = await connection.password?.()
    if (secret) secrets.add(secret)
    const password = secret?.reveal() ?? ''
    const inFile = password !== '' && fitsPasswordFile(password)
    const env = connectionEnvironment(connection, {
      password: inFile ? await file(passwordFileEntry(password)) : undefined,
      trustedRoots: usesSystemRoots(connection) ? await file((await readTrustedRoots('system')).join('\n')) : undefined,
    })
    return await use({
      // The environment can be read by the same user only; a password file cannot hold a line break at all.
      env: password === '' || inFile ? env : { ...env, PGPASSWORD: password },
      descriptors: files.map((f) => f.fd),
    })
  } finally {
    await Promise.all(files.map((f) => f.close()))
  }
}

/** libpq knows `system` from 16 on; a file with the same roots works with all versions, and as belt's own TLS does. */
function usesSystemRoots({ tls }: ConnectionSettings): boolean {
  return tls.ca === 'system' || (tls.ca === undefined && tls.mode === 'verify-full')
}
