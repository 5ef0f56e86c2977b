import type { Secret } from '../core/secret.js'
import type { EndpointSpec, SecretReference, TlsSettings } from '../spec/spec.js'
import type { SecretRegistry } from './redact.js'

/** Where and as whom to connect. The password is fetched each time a connection asks for it. */
export interface ConnectionSettings {
  /** Host name, IP address, or the folder of a Unix socket (begins with `/`). */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: () => Promise<Secret>
  readonly tls: TlsSettings
  /** At most 63 bytes of printable ASCII: see application-name.ts. */
  readonly applicationName: string
  /** Milliseconds until a connection attempt is given up; 10,000 by default. */
  readonly connectTimeoutMs?: number
  /** Secrets to keep out of errors; the connection adds its own password. A private one is made when absent. */
  readonly secrets?: SecretRegistry
}

/** How a secret reference of the spec becomes its value. */
export type ResolveSecret = (reference: SecretReference) => Promise<Secret>

/** The administrator's connection to one of the two databases. */
export function settingsOf(
  endpoint: EndpointSpec,
  resolveSecret: ResolveSecret,
  applicationName: string,
  secrets?: SecretRegistry,
): ConnectionSettings {
  const reference = endpoint.admin.password
  return {
    host: endpoint.host,
    port: endpoint.port,
    database: endpoint.database,
    user: endpoint.admin.user,
    tls: endpoint.tls,
    applicationName,
    ...(reference === undefined ? {} : { password: () => resolveSecret(reference) }),
    ...(secrets === undefined ? {} : { secrets }),
  }
}

/** `user@host:port/database`, for messages; holds no secret. */
export function describeEndpoint(settings: Pick<ConnectionSettings, 'host' | 'port' | 'database' | 'user'>): string {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  return `${settings.user}@${host}:${settings.port}/${settings.database}`
}
