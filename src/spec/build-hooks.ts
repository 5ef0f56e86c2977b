import { parseDuration } from './quantities.js'
import type { RawHook, RawSpec } from './raw-spec.js'
import { HOOK_MOMENTS, type HookSpec } from './spec.js'

/** The hooks of a migration in the order in which they run, without what their files hold. */
export function buildHooks({ hooks }: RawSpec): readonly HookSpec[] {
  return HOOK_MOMENTS.flatMap((moment) =>
    (hooks?.[moment] ?? []).map((raw, index) => ({
      name: raw.name,
      moment,
      handover: raw.handover ?? 'both',
      timeoutMs: parseDuration(raw.timeout ?? '30s') ?? 30_000,
      run: whatRuns(raw),
      specPath: `hooks.${moment}.${String(index)}`,
    })),
  )
}

/** Checked before: either a command or SQL and its side. */
function whatRuns({ command = [], sql, on = 'source' }: RawHook): HookSpec['run'] {
  return sql === undefined ? { command } : { sql, on }
}
