import type { Diagnostic } from '../../../src/core/diagnostic.js'
import { BeltError } from '../../../src/core/error.js'
import { Secret } from '../../../src/core/secret.js'
import { loadSpec, loadSpecs, type LoadContext } from '../../../src/spec/load.js'
import { formatDiagnostic } from '../../../src/spec/render-problem.js'
import type { Spec } from '../../../src/spec/spec.js'
import { createShapeValidator } from '../../../src/spec/validate-shape.js'

const validator = createShapeValidator()

/** The smallest spec that loads. */
export const MINIMAL = `version: 1
name: shop
stage: replicating
source:
  host: source.internal
  database: shop
  admin: { user: postgres }
target:
  host: target.internal
  database: shop
  admin: { user: postgres }
roles:
  replication: { password: { env: REPLICATION_PASSWORD } }
`

export type Env = Readonly<Record<string, string | undefined>>

/** A context whose secrets are environment variables only. */
export function context(env: Env = {}): LoadContext {
  return {
    env,
    baseDir: '/specs',
    validator,
    resolveSecret: async (reference) => {
      const value = 'env' in reference ? env[reference.env] : undefined
      if (value === undefined) throw new BeltError('secret-unresolved', 'it is not there', { hint: 'Put it there.' })
      return await Promise.resolve(new Secret(value))
    },
  }
}

export async function load(
  text: string,
  env: Env = {},
  migration?: string,
): Promise<{ readonly spec?: Spec; readonly diagnostics: readonly Diagnostic[] }> {
  return await loadSpec(text, 'belt.yaml', context(env), { migration })
}

export async function loadAll(
  text: string,
  env: Env = {},
): Promise<{ readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] }> {
  return await loadSpecs(text, 'belt.yaml', context(env))
}

/** The spec of a text that must load without a word. */
export async function loadGood(text: string, env: Env = {}, migration?: string): Promise<Spec> {
  const { spec, diagnostics } = await load(text, env, migration)
  if (spec === undefined || diagnostics.length > 0) throw new Error(report(text, diagnostics))
  return spec
}

export function report(text: string, diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((d) => formatDiagnostic(d, text)).join('\n\n')
}

/** The minimal spec with more lines at its end. */
export function withLines(...lines: readonly string[]): string {
  return `${MINIMAL}${lines.join('\n')}\n`
}
