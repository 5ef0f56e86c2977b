import type { Diagnostic } from '../core/diagnostic.js'
import { BeltError } from '../core/error.js'
import type { Secret } from '../core/secret.js'
import type { Side } from '../core/side.js'
import { parseConnectionUrl, type ConnectionUrl } from './connection-url.js'
import { wholeEnvReference } from './expand-env.js'
import { holdsPassword, isWholeEnv } from './literal-secret.js'
import type { RawSecret } from './raw-spec.js'
import { specError, specWarning } from './report.js'
import { isRawSecret, secretReference, type ResolvePath } from './secret-reference.js'
import type { SecretReference } from './spec.js'
import { isReported, placeOf, type SpecTree, stringAt, valueAt } from './spec-tree.js'

export type SecretResolver = (reference: SecretReference) => Promise<Secret>

/** A `url:` as read: its parts, and the reference it came from when it is secret. Never holds the password. */
export interface ResolvedUrl {
  readonly parts: Omit<ConnectionUrl, 'password'>
  /** Set when the URL has a password. */
  readonly passwordFrom?: RawSecret
}

/** Reads one side's `url:`; nothing when it has none, or one that is reported elsewhere. */
export async function resolveUrl(
  tree: SpecTree,
  side: Side,
  resolveSecret: SecretResolver,
  resolvePath: ResolvePath,
): Promise<{ readonly url?: ResolvedUrl; readonly diagnostics: readonly Diagnostic[] }> {
  const pointer = `/${side}/url`
  const at = placeOf(tree, pointer)?.value
  const reference = urlReference(tree, pointer)
  let text = literalUrl(tree, pointer)
  try {
    if (reference !== undefined) text = (await resolveSecret(secretReference(reference, resolvePath))).reveal()
  } catch (error) {
    if (!(error instanceof BeltError)) throw error
    return { diagnostics: [specError('spec-secret-unresolved', at, `\`${side}.url\`: ${error.message}`, error.hint)] }
  }
  if (text === undefined) return { diagnostics: [] }
  const parsed = parseConnectionUrl(text)
  if ('problem' in parsed) {
    return { diagnostics: [specError('spec-url', at, `\`${side}.url\` cannot be read: ${parsed.problem}`)] }
  }
  const { password, ...parts } = parsed.url
  const warnings =
    parts.ignored.length === 0 ? [] : [specWarning('spec-url-ignored', at, ignoredMessage(side, parts.ignored))]
  const passwordFrom = password === undefined || reference === undefined ? {} : { passwordFrom: reference }
  return { url: { parts, ...passwordFrom }, diagnostics: warnings }
}

/** A URL written out, unless it is refused for its password. */
function literalUrl(tree: SpecTree, pointer: string): string | undefined {
  const text = stringAt(tree, pointer)
  return text === undefined || holdsPassword(text) ? undefined : text
}

function urlReference(tree: SpecTree, pointer: string): RawSecret | undefined {
  const value = valueAt(tree, pointer)
  if (isRawSecret(value)) return value
  const place = tree.places.get(pointer)
  if (place === undefined || isReported(tree, pointer) || !isWholeEnv(place)) return undefined
  const env = wholeEnvReference(place.raw.replace(/^["']|["']$/g, ''))
  return env === undefined ? undefined : { env }
}

/** Only well-known names are repeated: what stands after a stray `&` may be a piece of a password. */
function ignoredMessage(side: Side, names: readonly string[]): string {
  const known = names.filter((name) => HARMLESS_PARAMETERS.has(name))
  const words = [...known, ...(known.length < names.length ? ['one or more that it does not know'] : [])]
  return `\`${side}.url\` has parameters that belt does not use: ${words.join(', ')}`
}

const HARMLESS_PARAMETERS: ReadonlySet<string> = new Set([
  'application_name',
  'channel_binding',
  'connect_timeout',
  'fallback_application_name',
  'gssencmode',
  'keepalives',
  'keepalives_idle',
  'options',
  'pgbouncer',
  'sslnegotiation',
  'target_session_attrs',
])
