import type { RunHook } from '../actions/run-hook.js'
import { BeltError, StoppedError } from '../core/error.js'
import { withConnection } from '../postgres/connect.js'
import { startDeadline } from '../postgres/deadline.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { runHookProcess } from './hook-process.js'

/** What a hook prints is for people; a flood of it would hide belt's own words. */
const LINES_SHOWN = 100
const LINE_LENGTH = 500

/** The plan holds the text as it was reviewed; only a new one has the corrected text. */
const IF_THE_SPEC =
  ' If what the spec says of it was wrong, correct that or take it out, then make and apply a new plan: belt plan'

export interface HookRun {
  readonly input: ApplyInput
  readonly emit: (happening: ApplyHappening) => void
  /** Ends it: the user insisted, the pause is spent, or the run lock was lost. */
  readonly signal: AbortSignal
  /** An earlier run of the plan began it and was killed: it may have done all of its work, or none. */
  readonly again: boolean
}

/** Runs one hook within its time. Throws StoppedError `hook-failed`; belt tries nothing again by itself. */
export async function runHook(hook: RunHook, run: HookRun): Promise<void> {
  if (run.again) {
    run.emit({
      type: 'notice',
      message: `hook ${hook.hook} was begun by a run that was killed; it runs again (BELT_AGAIN=1)`,
    })
  }
  const clock = startDeadline(hook.timeoutMs, run.signal)
  const by = hook.command === undefined ? runStatements(hook, run, clock.signal) : runCommand(hook, run, clock.signal)
  const how = await by.finally(clock.end)
  if (how === undefined) return
  const why = clock.passed() ? `did not end within ${String(hook.timeoutMs / 1000)} s` : how.why
  const what = `hook ${hook.hook} (${hook.moment.replaceAll('_', ' ')})`
  throw new StoppedError('hook-failed', `${what} ${why}`, {
    hint: `What it printed stands above. Mend it, then run the same command again.${hook.moment === 'after_open' ? IF_THE_SPEC : ''}`,
    ...(how.cause === undefined ? {} : { cause: how.cause }),
  })
}

interface Failure {
  readonly why: string
  readonly cause?: unknown
}

async function runStatements(
  { side, sql }: RunHook,
  { input }: HookRun,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    // A session of its own: what it sets is gone with it.
    await withConnection(input.connections[side], signal, async (session) => {
      for (const statement of sql) await session.exec(statement)
    })
    return undefined
  } catch (cause) {
    if (!(cause instanceof BeltError)) throw cause
    return { why: `failed on the ${side}: ${cause.message}`, cause }
  }
}

async function runCommand(
  { hook, command = [], environment }: RunHook,
  { input, emit, again }: HookRun,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (input.hooks === undefined) return { why: 'cannot run here: no folder to run commands in' }
  const { env, folder } = input.hooks
  let lines = 0
  const why = await runHookProcess({
    command,
    cwd: folder,
    env: { ...env, ...environment, ...(again ? { BELT_AGAIN: '1' } : {}) },
    signal,
    onLine: (line) => {
      lines += 1
      if (lines > LINES_SHOWN) return
      const text =
        lines === LINES_SHOWN ? '… what else it prints is not shown' : input.secrets.redact(line).slice(0, LINE_LENGTH)
      emit({ type: 'notice', message: `hook ${hook}: ${text}` })
    },
  })
  return why === undefined ? undefined : { why }
}
