import { type ConnectionSettings, describeEndpoint } from './connection-settings.js'
import { ConnectError } from './driver-error.js'
import type { Redact } from './server-error.js'

/** The driver's words when the server answers the request for TLS with `N`. */
const NOT_SUPPORTED = 'The server does not support SSL connections'

/** OpenSSL's verdicts on a chain (X509_V_ERR_… without the prefix), as Node puts them into `code`. */
const VERDICT =
  /^(UNABLE_TO_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_CERT|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME)/

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function isTlsError(error: Error): boolean {
  const code = codeOf(error)
  return error.message === NOT_SUPPORTED || VERDICT.test(code) || code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code)
}

/** `tls-not-supported`, `tls-name-mismatch`, `tls-verify-failed` or `tls-failed`, each with what to do. */
export function tlsError(error: Error, settings: ConnectionSettings, redact: Redact): ConnectError {
  const endpoint = describeEndpoint(settings)
  const code = codeOf(error)
  const because = redact(error.message.replace(/\s+/g, ' ').trim())
  if (error.message === NOT_SUPPORTED) {
    return new ConnectError('tls-not-supported', `the server of ${endpoint} does not offer TLS`, {
      hint: `Turn on ssl at the server, or use tls mode prefer or disable if the path is trusted (it is ${settings.tls.mode}).`,
      transient: false,
    })
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return new ConnectError('tls-name-mismatch', `the certificate of ${endpoint} is for another name: ${because}`, {
      hint: 'Connect by a name or address that the certificate lists; verify-ca checks the authority only.',
      transient: false,
    })
  }
  if (VERDICT.test(code)) {
    return new ConnectError('tls-verify-failed', `the certificate of ${endpoint} cannot be verified: ${because}`, {
      hint:
        settings.tls.ca === undefined || settings.tls.ca === 'system'
          ? "No public authority vouches for it: set `ca` to the PEM file of the server's own authority."
          : `The authorities in ${settings.tls.ca} do not vouch for it: get the current CA file of this server.`,
      transient: false,
    })
  }
  return new ConnectError('tls-failed', `TLS with ${endpoint} failed: ${because}`, {
    hint: 'Check the TLS versions both sides allow, and the client certificate if the server asks for one.',
    transient: false,
  })
}
