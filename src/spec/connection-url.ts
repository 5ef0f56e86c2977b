import type { TlsMode } from './spec.js'

/** What a postgres:// URL says. `password` is secret. */
export interface ConnectionUrl {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly tls: { readonly mode?: TlsMode; readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** Names of parameters that belt does not use. */
  readonly ignored: readonly string[]
}

/** `problem` repeats nothing of the URL but parameter names. */
export type ParsedUrl = { readonly url: ConnectionUrl } | { readonly problem: string }

const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?(\[[^\]]*\]|[^:/?@]*)(?::([^/?@]*))?(?:\/([^?]*))?(?:\?(.*))?$/s
const MODES: readonly TlsMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']
const USED = ['host', 'port', 'dbname', 'user', 'password', 'sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey']

/** Reads a connection URL as libpq does, for one host. */
export function parseConnectionUrl(text: string): ParsedUrl {
  const match = FORM.exec(text.trim())
  if (match === null) return { problem: explainForm(text) }
  const [, login = '', hostPart = '', portPart = '', databasePart = '', query = ''] = match
  const colon = login.indexOf(':')
  const parts = [
    colon < 0 ? login : login.slice(0, colon),
    colon < 0 ? '' : login.slice(colon + 1),
    hostPart.replace(/^\[(.*)\]$/, '$1'),
    databasePart,
  ].map(decode)
  const params = readQuery(query)
  if (params === undefined || parts.includes(undefined))
    return { problem: 'it holds a `%` that is no percent-encoding' }
  const [user, password, host, database] = parts
  return assemble({ user, password, host, database, port: portPart }, params)
}

interface Parts {
  readonly user: string | undefined
  readonly password: string | undefined
  readonly host: string | undefined
  readonly database: string | undefined
  readonly port: string
}

function assemble(parts: Parts, params: ReadonlyMap<string, string>): ParsedUrl {
  const host = params.get('host') ?? parts.host ?? ''
  const database = params.get('dbname') ?? parts.database ?? ''
  const port = params.get('port') ?? parts.port
  const sslmode = params.get('sslmode') ?? (params.get('ssl') === 'true' ? 'require' : undefined)
  const mode = MODES.find((known) => known === sslmode)
  if (host === '') return { problem: 'it names no host' }
  if (host.includes(',') || port.includes(','))
    return { problem: 'it names several hosts; belt works with one server per side' }
  if (database === '') return { problem: 'it names no database' }
  if (!/^\d{0,5}$/.test(port) || Number(port) > 65535 || port === '0')
    return { problem: 'its port is no number from 1 to 65535' }
  if (sslmode !== undefined && mode === undefined) return { problem: `its sslmode is none of ${MODES.join(', ')}` }
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => nonEmpty(params.get(name)))
  return {
    url: {
      host,
      port: port === '' ? 5432 : Number(port),
      database,
      user: nonEmpty(params.get('user') ?? parts.user),
      password: nonEmpty(params.get('password') ?? parts.password),
      tls: { ...(mode && { mode }), ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
      ignored: [...params.keys()].filter((name) => !USED.includes(name)),
    },
  }
}

function readQuery(query: string): ReadonlyMap<string, string> | undefined {
  const params = new Map<string, string>()
  for (const pair of query.split('&').filter((p) => p !== '')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(decode)
    if (pair.split(/=(.*)/s).map(decode).includes(undefined)) return undefined
    params.set(name, value)
  }
  return params
}

function explainForm(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text.trim())) return 'it does not begin with postgres:// or postgresql://'
  if (/@[^/?]*@/.test(text)) return 'an `@` in the user name or password must be written as %40'
  if (/,/.test(text)) return 'it names several hosts; belt works with one server per side'
  return 'it has not the form postgres://user:password@host:port/database; write `/`, `@` and `:` in a password as %2F, %40 and %3A'
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
