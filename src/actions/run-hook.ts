import type { HookMoment } from '../spec/spec.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * Something of the user's own at a moment of a handover: `sql`, each statement by itself as the admin, or a program on
 * the machine where belt runs.
 */
export interface RunHook extends ActionBase<'run-hook'> {
  readonly hook: string
  readonly moment: HookMoment
  /** Program and arguments; absent for SQL. */
  readonly command?: readonly string[]
  /** The SQL file, or the program when it is named by a path, as it was when the plan was made. */
  readonly file?: { readonly path: string; readonly digest: string }
  /** After so many milliseconds it is ended. */
  readonly timeoutMs: number
  /** What the program finds in its environment beside what belt's own holds. */
  readonly environment: Readonly<Record<string, string>>
  readonly marks: readonly string[]
}

/** It leaves nothing that belt could look for. Whether this very plan has run it already is for apply to say. */
export const probeRunHook: Probe<RunHook> = () => 'absent'
