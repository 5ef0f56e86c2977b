import path from 'node:path'
import type { SidesInput } from '../inspect/both-sides.js'
import type { ResolveSecret } from '../postgres/connection-settings.js'
import { LOOK_PREFIX } from '../postgres/application-name.js'
import { SecretRegistry } from '../postgres/redact.js'
import type { Spec } from '../spec/spec.js'
import type { CliContext } from './context.js'
import { newRunId } from './run-id.js'

/** What a command needs to reach both databases; one registry of secrets for all it does. */
export function sidesOf(
  spec: Spec,
  resolveSecret: ResolveSecret,
  context: CliContext,
  purpose: 'look' | 'change' = 'look',
): SidesInput {
  return {
    spec,
    resolveSecret,
    secrets: new SecretRegistry(),
    runId: `${purpose === 'look' ? LOOK_PREFIX : ''}${newRunId(new Date())}`,
    searchPath: (context.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== ''),
  }
}
