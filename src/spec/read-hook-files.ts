import type { Diagnostic } from '../core/diagnostic.js'
import { specError } from './report.js'
import type { HookFile, HookSpec, Spec } from './spec.js'

/**
 * Reads what a hook runs: `sql`, cut into statements; or `program`, of which only the digest counts. `problem` says in
 * words why it cannot be.
 */
export type ReadHookFile = (
  path: string,
  what: 'sql' | 'program',
) => Promise<HookFile | { readonly problem: string; readonly fix?: string }>

/** Fills in what the hooks' files hold, so that a plan is bound to it; what cannot be read is an error at its place. */
export async function readHookFiles(
  spec: Spec,
  resolve: (path: string) => string,
  read: ReadHookFile,
): Promise<{ readonly spec: Spec; readonly diagnostics: readonly Diagnostic[] }> {
  const hooks: HookSpec[] = []
  const diagnostics: Diagnostic[] = []
  for (const hook of spec.hooks) {
    const wanted = fileOf(hook)
    const found = wanted === undefined ? undefined : await read(resolve(wanted.path), wanted.what)
    if (wanted === undefined || found === undefined) hooks.push(hook)
    else if ('problem' in found) {
      const at = spec.positions[`${hook.specPath}.${wanted.key}`]
      diagnostics.push(specError('spec-hook-file', at, `hook ${hook.name}: ${wanted.path} ${found.problem}`, found.fix))
    } else hooks.push({ ...hook, file: found })
  }
  return { spec: { ...spec, hooks }, diagnostics }
}

/** A program without a slash is looked up in PATH when it runs: what will be found there is not known now. */
function fileOf({ run }: HookSpec): { path: string; what: 'sql' | 'program'; key: string } | undefined {
  if ('sql' in run) return { path: run.sql, what: 'sql', key: 'sql' }
  const [program = ''] = run.command
  return program.includes('/') ? { path: program, what: 'program', key: 'command.0' } : undefined
}
