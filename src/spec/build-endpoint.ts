import type { RawEndpoint } from './raw-spec.js'
import type { ResolvedUrl } from './resolve-url.js'
import { secretReference, type ResolvePath } from './secret-reference.js'
import type { AdminLogin, EndpointSpec, ReachableAt, TlsSettings } from './spec.js'

/** An endpoint with its defaults: the URL's parts, else the settings of the same names, else libpq's defaults. */
export function buildEndpoint(raw: RawEndpoint, url: ResolvedUrl | undefined, resolve: ResolvePath): EndpointSpec {
  const host = url?.parts.host ?? raw.host ?? ''
  const port = url?.parts.port ?? raw.port ?? 5432
  const tls = buildTls(url === undefined ? raw.tls : { mode: 'prefer', ...url.parts.tls }, resolve)
  return {
    host,
    port,
    database: url?.parts.database ?? raw.database ?? '',
    admin: buildAdmin(raw, url, resolve),
    tls,
    reachableAt: buildReachableAt(raw, { host, port, tls: tls.mode }),
  }
}

function buildAdmin(raw: RawEndpoint, url: ResolvedUrl | undefined, resolve: ResolvePath): AdminLogin {
  const user = url?.parts.user ?? raw.admin?.user ?? ''
  if (url?.passwordFrom !== undefined) return { user, password: { urlOf: secretReference(url.passwordFrom, resolve) } }
  return raw.admin?.password === undefined ? { user } : { user, password: secretReference(raw.admin.password, resolve) }
}

function buildTls(raw: RawEndpoint['tls'], resolve: ResolvePath): TlsSettings {
  if (raw === undefined) return { mode: 'prefer' }
  if (typeof raw === 'string') return { mode: raw }
  return {
    mode: raw.mode,
    ...(raw.ca !== undefined && { ca: raw.ca === 'system' ? raw.ca : resolve(raw.ca) }),
    ...(raw.cert !== undefined && { cert: resolve(raw.cert) }),
    ...(raw.key !== undefined && { key: resolve(raw.key) }),
  }
}

function buildReachableAt(
  { reachable_at: raw }: RawEndpoint,
  own: Pick<ReachableAt, 'host' | 'port' | 'tls'>,
): ReachableAt {
  return {
    host: raw?.host ?? own.host,
    port: raw?.port ?? own.port,
    tls: raw?.tls ?? own.tls,
    ...(raw?.ca_on_server !== undefined && { caOnServer: raw.ca_on_server }),
  }
}
