import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import { UsageError } from '../core/error.js'
import { readHookFile } from './hook-file.js'
import { resolveSecret } from '../spec/resolve-secret.js'
import { loadSpec, loadSpecs } from '../spec/load.js'
import type { Spec } from '../spec/spec.js'
import { specReportText } from '../render/spec-report-text.js'
import type { ResolveSecret } from '../postgres/connection-settings.js'
import type { CliContext } from './context.js'

export const DEFAULT_SPEC = 'belt.yaml'

export interface SpecOptions {
  /** Path as the user gave it. */
  readonly file: string
  readonly migration?: string | undefined
}

/** `unread`: nothing will be planned with the hooks, so that a file of theirs that is missing is no reason to refuse. */
export type HookFiles = 'read' | 'unread'

/** A spec file read, with what it takes to use it. */
export interface LoadedSpecs {
  readonly file: string
  readonly specs: readonly Spec[]
  readonly warnings: readonly Diagnostic[]
  /** Resolves the spec's secrets: from belt's environment, files and commands beside the spec. */
  readonly resolveSecret: ResolveSecret
}

/** One migration of a spec file; what is wrong with it goes to stderr and ends the command with exit code 64. */
export async function readSpec(
  options: SpecOptions,
  context: CliContext,
  hooks: HookFiles = 'read',
): Promise<{ readonly spec: Spec } & Omit<LoadedSpecs, 'specs'>> {
  const { specs, ...rest } = await read(options, context, false, hooks)
  const [spec] = specs
  if (spec === undefined) throw new Error('a spec without errors is a spec')
  return { spec, ...rest }
}

/** Every migration of a spec file, or the one that is asked for; with a word on approvals that are over by `today`. */
export async function readSpecs(options: SpecOptions, context: CliContext, today?: string): Promise<LoadedSpecs> {
  return read(options, context, options.migration === undefined, 'read', today)
}

async function read(
  { file, migration }: SpecOptions,
  context: CliContext,
  all: boolean,
  hooks: HookFiles = 'read',
  today?: string,
): Promise<LoadedSpecs> {
  const absolute = path.resolve(context.cwd, file)
  const text = await readSpecText(absolute, file)
  const baseDir = path.dirname(absolute)
  const { env, interrupts } = context
  const { cancel } = interrupts
  // After the cancel, what still needs a password is the cancelling itself, and letting apply go on.
  const resolver: ResolveSecret = (reference) =>
    resolveSecret(reference, { env, baseDir, ...(cancel.aborted ? {} : { signal: cancel }) })
  const load = {
    env,
    baseDir,
    resolveSecret: resolver,
    ...(hooks === 'read' ? { readHookFile } : {}),
    ...(today === undefined ? {} : { today }),
  }
  const { specs, diagnostics } = all ? await loadSpecs(text, file, load) : await loadOne(text, file, load, migration)
  const errors = diagnostics.filter((d) => d.severity === 'error').length
  if (diagnostics.length > 0) context.err.write(specReportText(diagnostics, text, context.errStyle))
  if (specs.length === 0) throw new InvalidSpecError(file, errors)
  return { file, specs, warnings: diagnostics, resolveSecret: resolver }
}

async function loadOne(
  text: string,
  file: string,
  load: Parameters<typeof loadSpec>[2],
  migration: string | undefined,
): Promise<{ readonly specs: readonly Spec[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { spec, diagnostics } = await loadSpec(text, file, load, { migration })
  return { specs: spec === undefined ? [] : [spec], diagnostics }
}

/** The report is printed already; this says only what it comes to. */
export class InvalidSpecError extends UsageError {
  constructor(file: string, errors: number) {
    super('spec-invalid', `${file} has ${errors === 1 ? '1 error' : `${errors} errors`}`, {
      hint: `correct ${errors === 1 ? 'it' : 'them'}, then run belt validate -f ${file}`,
    })
  }
}

async function readSpecText(absolute: string, shown: string): Promise<string> {
  return readFile(absolute, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    if (code === 'ENOENT') {
      throw new UsageError('spec-missing', `there is no file ${shown}`, {
        hint: 'run belt init to write one, or name yours with -f.',
      })
    }
    throw new UsageError('spec-unreadable', `cannot read ${shown}: ${code}`, {
      hint: 'check that it is a file and that this user may read it (ls -l), or name another with -f.',
    })
  })
}
