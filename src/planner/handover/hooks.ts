import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { RunHook } from '../../actions/run-hook.js'
import { shellWord } from '../../core/shell-word.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { handoverMark } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { HookMoment, HookSpec } from '../../spec/spec.js'

/** The user's own steps of one moment, one after the other; none is an empty list. */
export function hookActions(
  context: MigrationContext,
  handover: Handover,
  moment: HookMoment,
  after: readonly ActionId[],
): readonly RunHook[] {
  const actions: RunHook[] = []
  for (const hook of context.spec.hooks) {
    if (hook.moment !== moment || (hook.handover !== 'both' && hook.handover !== handover.word)) continue
    const previous = actions.at(-1)
    actions.push(hookAction(context, handover, hook, previous === undefined ? after : [previous.id]))
  }
  return actions
}

const PHASE = {
  before_fence: 'before pause',
  after_fence: 'pause',
  before_open: 'pause',
  after_open: 'after pause',
  after_give_up: 'after pause',
} as const

function hookAction(
  context: MigrationContext,
  handover: Handover,
  hook: HookSpec,
  after: readonly ActionId[],
): RunHook {
  const { name, moment, run, timeoutMs, file, specPath } = hook
  const most = `ended after ${String(timeoutMs / 1000)} s`
  const path = 'sql' in run ? run.sql : (run.command[0] ?? '')
  return {
    ...NOTHING_SPECIAL,
    kind: 'run-hook',
    id: actionId('hook', moment.replaceAll('_', '-'), name),
    side: 'sql' in run ? run.on : sideOf(moment, handover),
    phase: PHASE[moment],
    operation: 'run',
    title: `hook ${name}: ${'sql' in run ? run.sql : run.command.map(shellWord).join(' ')}`,
    note:
      'sql' in run
        ? `Your SQL, as the admin, each statement by itself; ${most}.`
        : `Your program, without a shell, where belt runs and in the folder of the spec file; ${most}.`,
    sql: 'sql' in run ? (file?.statements ?? []) : [],
    transaction: 'none',
    after,
    specPath,
    hook: name,
    moment,
    ...('sql' in run ? {} : { command: run.command }),
    ...(file === undefined ? {} : { file: { path, digest: file.digest } }),
    timeoutMs,
    environment: 'sql' in run ? {} : environment(context, handover, hook),
    marks: [handoverMark(handover, `hook ${moment} ${name}`)],
  }
}

function sideOf(moment: HookMoment, { from, to }: Handover): Side {
  return moment === 'before_open' || moment === 'after_open' ? to : from
}

/** Which side is which; no secret. */
function environment(
  { spec, source, target }: MigrationContext,
  handover: Handover,
  { name, moment }: HookSpec,
): Readonly<Record<string, string>> {
  return {
    BELT_MIGRATION: spec.name,
    BELT_HOOK: name,
    BELT_MOMENT: moment,
    BELT_HANDOVER: handover.word,
    BELT_FROM: handover.from,
    BELT_TO: handover.to,
    BELT_SOURCE_HOST: spec.source.host,
    BELT_SOURCE_PORT: String(spec.source.port),
    BELT_SOURCE_DATABASE: source.database.name,
    BELT_TARGET_HOST: spec.target.host,
    BELT_TARGET_PORT: String(spec.target.port),
    BELT_TARGET_DATABASE: target.database.name,
  }
}
