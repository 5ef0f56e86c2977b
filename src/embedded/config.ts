/** Settings by name; values are plain, unquoted text. */
export type ServerSettings = Readonly<Record<string, string>>

/** PEM texts that let a server speak TLS; with `ca` it also checks certificates of clients. */
export interface ServerTls {
  readonly certificate: string
  readonly key: string
  readonly ca?: string
}

/** Where {@link ServerTls} is written, inside the server's folder. */
export const TLS_FILES = { certificate: 'server.crt', key: 'server.key', ca: 'root.crt' } as const

/** Every login over TCP needs a password; there are no other ways in (no socket is opened). */
export const PASSWORD_HBA = `host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`

/**
 * Settings for a server whose data nobody will miss: able to publish and subscribe, fast rather than durable.
 * jit is off because short-lived servers only pay for it.
 */
export function throwAwaySettings(major: number): ServerSettings {
  return {
    wal_level: 'logical',
    max_connections: '120',
    max_wal_senders: '40',
    max_replication_slots: '40',
    max_worker_processes: '40',
    max_logical_replication_workers: '40',
    // 18 counts origins by a setting of their own; before, max_replication_slots bounded them too.
    ...(major >= 18 ? { max_active_replication_origins: '40' } : {}),
    shared_buffers: '48MB',
    fsync: 'off',
    jit: 'off',
    // A worker that ended is started again after so long, up to 15 even when it was asked to end: 5 s by default.
    wal_retrieve_retry_interval: '250ms',
    // Vacuuming what is gone in minutes only takes time from the rest, and locks at moments of its own.
    autovacuum_naptime: '1h',
  }
}

/** The text that is appended to postgresql.conf: what every server has, then `settings`, which win. */
export function configText(
  major: number,
  tls: ServerTls | undefined,
  folder: string,
  settings: ServerSettings,
): string {
  const all: ServerSettings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // 12 and 13 still default to md5.
    password_encryption: 'scram-sha-256',
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...throwAwaySettings(major),
    ...(tls === undefined ? {} : tlsSettings(tls, folder)),
    ...settings,
  }
  return `\n${settingLines(all)}`
}

export function settingLines(settings: ServerSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`)
    .join('')
}

function tlsSettings(tls: ServerTls, folder: string): ServerSettings {
  return {
    ssl: 'on',
    ssl_cert_file: `${folder}/${TLS_FILES.certificate}`,
    ssl_key_file: `${folder}/${TLS_FILES.key}`,
    ...(tls.ca === undefined ? {} : { ssl_ca_file: `${folder}/${TLS_FILES.ca}` }),
  }
}
