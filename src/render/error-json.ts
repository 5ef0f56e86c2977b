import { BeltError } from '../core/error.js'
import { fileError } from '../core/file-error.js'

/** An error as the last line of `--json` output. */
export function errorJson(error: unknown, exitCode: number, at: string): string {
  const known = error instanceof BeltError ? error : fileError(error)
  return `${JSON.stringify({
    v: 1,
    at,
    type: 'error',
    code: known?.code ?? 'bug',
    message: known?.message ?? 'this is a bug in belt',
    hint: known?.hint,
    exitCode,
  })}\n`
}
