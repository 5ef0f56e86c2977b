import path from 'node:path'
import { InvalidArgumentError, type Command as Commander } from 'commander'
import { applyPlan } from '../../apply/apply.js'
import type { ApplyResult } from '../../apply/apply-input.js'
import { RefusedError } from '../../core/error.js'
import type { SidesInput } from '../../inspect/both-sides.js'
import { readPlanFile, type SavedPlan } from '../../plan/plan-file.js'
import { applyResultText } from '../../render/apply-result-text.js'
import { errorJson } from '../../render/error-json.js'
import type { Spec } from '../../spec/spec.js'
import { parseDuration } from '../../spec/quantities.js'
import { applyInputOf } from '../apply-input.js'
import { applyProgress } from '../apply-progress.js'
import type { CliContext } from '../context.js'
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { planToConfirm } from '../plan-to-confirm.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'

interface ApplyOptions extends SpecOptions {
  readonly plan?: string
  readonly yes?: boolean
  readonly json?: boolean
  readonly lockTimeout?: number
}

export function addApply(program: Commander, host: Host): void {
  program
    .command('apply')
    .description('carry out a saved plan; without one: plan, show, ask, carry out')
    .argument('[plan]', 'the file that belt plan --out wrote')
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file (default: that of the plan)')
    .option('--yes', 'do not ask')
    .option('--json', 'events as lines of JSON on stdout (version 1)')
    .option('--lock-timeout <time>', 'how long to wait for another run, e.g. 30s (default: 3s)', lockTimeout)
    .action(runs(host, apply))
}

function lockTimeout(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('give a time such as 500ms, 30s or 5m')
  return ms
}

async function apply(options: ApplyOptions, context: CliContext): Promise<ExitCode> {
  try {
    const { saved, sides } = await whatToApply(options, context)
    return saved === undefined ? EXIT.done : await carryOut(saved, sides, options, context)
  } catch (error) {
    if (options.json === true)
      context.out.write(errorJson(error, exitCodeOf(error, context.interrupts.received()), new Date().toISOString()))
    throw error
  }
}

interface Work {
  /** Undefined when there is nothing to do. */
  readonly saved: SavedPlan | undefined
  readonly sides: SidesInput
}

async function whatToApply(options: ApplyOptions, context: CliContext): Promise<Work> {
  if (options.plan !== undefined) {
    const saved = await readPlanFile(path.resolve(context.cwd, options.plan))
    const migration = options.migration ?? saved.plan.name
    const { spec, resolveSecret } = await readSpec({ ...options, migration }, context)
    checkSpec(saved, spec, context)
    return { saved, sides: sidesOf(spec, resolveSecret, context, 'change') }
  }
  const { spec, resolveSecret } = await readSpec(options, context)
  const sides = sidesOf(spec, resolveSecret, context, 'change')
  return { saved: await planToConfirm(sides, options, context), sides }
}

/** A plan stands for itself, but one for another stage than the spec asks for would be planned away again. */
function checkSpec({ plan }: SavedPlan, spec: Spec, { err }: CliContext): void {
  if (plan.to !== spec.stage) {
    throw new RefusedError(
      'plan-other-stage',
      `the plan leads to stage ${plan.to}, and the spec now asks for ${spec.stage}`,
      {
        hint: 'make a new plan: belt plan',
      },
    )
  }
  if (plan.specDigest !== spec.digest)
    err.write('Note: the spec has changed since this plan was made; the plan is carried out as reviewed.\n')
}

async function carryOut(
  saved: SavedPlan,
  sides: SidesInput,
  options: ApplyOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { interrupts } = context
  const progress = applyProgress(context, options.json === true)
  interrupts.graceful(() =>
    progress.say('Stopping once the running actions are done. Ctrl-C again cancels them on the server.'),
  )
  const input = applyInputOf(
    saved,
    sides,
    context,
    path.dirname(path.resolve(context.cwd, options.file)),
    progress.show,
  )
  const { lockTimeout: lockTimeoutMs } = options
  const started = performance.now()
  let result: ApplyResult
  try {
    result = await applyPlan(lockTimeoutMs === undefined ? input : { ...input, lockTimeoutMs }, interrupts.cancel)
  } finally {
    progress.end()
  }
  if (options.json !== true) {
    const seconds = (performance.now() - started) / 1000
    context.out.write(
      applyResultText(saved.plan, result, { seconds, specFlags: specFlags(options), style: context.outStyle }),
    )
  }
  return result.stage === undefined && result.selected !== true ? EXIT.stopped : EXIT.done
}
