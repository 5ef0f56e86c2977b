import type { Side } from '../core/side.js'
import { applicationName } from '../postgres/application-name.js'
import { demandGone } from '../postgres/demand-gone.js'
import { goneSession } from '../postgres/gone-session.js'
import { withConnection } from '../postgres/connect.js'
import { settingsOf } from '../postgres/connection-settings.js'
import type { ConnectionSettings, ResolveSecret } from '../postgres/connection-settings.js'
import type { SecretRegistry } from '../postgres/redact.js'
import type { Session } from '../postgres/session.js'
import type { Spec } from '../spec/spec.js'

/** What is needed to reach both databases of a migration. */
export interface SidesInput {
  readonly spec: Spec
  readonly resolveSecret: ResolveSecret
  /** Everything registered here is kept out of errors. */
  readonly secrets: SecretRegistry
  /** Shown in application_name as `belt/<migration>/<run>`. */
  readonly runId: string
  /** Folders to look for pg_dump in. */
  readonly searchPath: readonly string[]
}

/** One session to each side, and the settings to open more. */
export interface BothSides {
  readonly input: SidesInput
  readonly settings: Readonly<Record<Side, ConnectionSettings>>
  readonly sessions: Readonly<Record<Side, Session>>
}

export function settingsOfSides(input: SidesInput): BothSides['settings'] {
  const name = applicationName(input.spec.name, input.runId)
  const of = (side: Side): ConnectionSettings => settingsOf(input.spec[side], input.resolveSecret, name, input.secrets)
  return { source: of('source'), target: of('target') }
}

/**
 * Opens a session to each side, lends both to `use` and closes them whatever happens. To a source that is gone for good there
 * is none, once it is seen not to answer: RefusedError `not-gone`.
 */
export async function withBothSides<Result>(
  input: SidesInput,
  signal: AbortSignal,
  use: (sides: BothSides) => Promise<Result>,
): Promise<Result> {
  const settings = settingsOfSides(input)
  if (input.spec.gone === 'source') {
    await demandGone(settings.source, signal)
    const source = goneSession('the source')
    return withConnection(settings.target, signal, (target) => use({ input, settings, sessions: { source, target } }))
  }
  return withConnection(settings.source, signal, (source) =>
    withConnection(settings.target, signal, (target) => use({ input, settings, sessions: { source, target } })),
  )
}
