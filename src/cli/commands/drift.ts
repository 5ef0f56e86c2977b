import type { Command as Commander } from 'commander'
import { migrationContext } from '../../migration/context.js'
import { type Drift, driftJson, driftText, hasDrift } from '../../render/drift.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { makePlan } from '../make-plan.js'
import { nextAfterPlan, specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { findRunLocks } from '../run-lock.js'
import { healthAlarms, OF_A_PAUSE } from '../status/health.js'

interface DriftOptions extends SpecOptions {
  readonly json?: boolean
}

export function addDrift(program: Commander, host: Host): void {
  program
    .command('drift')
    .description('tell whether both databases are still as the spec says; exit code 2 when not')
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file')
    .option('--json', 'as JSON (version 1)')
    .action(runs(host, drift))
}

async function drift(options: DriftOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const { plan, inspection, state } = await makePlan(sidesOf(spec, resolveSecret, context), context)
  const found = await withoutLivePause({ plan, alarms: healthAlarms(migrationContext(spec, inspection, state)) }, () =>
    findRunLocks(spec, resolveSecret, context),
  )
  const flags = specFlags(options)
  const next = hasDrift(found) ? `belt plan${flags}` : nextAfterPlan(plan, options, undefined)
  context.out.write(options.json === true ? driftJson(found, next) : driftText(found, context.outStyle, next))
  return hasDrift(found) ? EXIT.changes : EXIT.done
}

/** A handover that a run is carrying out at this moment is no drift, however its databases look in between. */
export async function withoutLivePause(
  { plan, alarms }: Drift,
  findLocks: () => Promise<readonly unknown[]>,
): Promise<Drift> {
  if (!alarms.some((a) => OF_A_PAUSE.has(a.code))) return { plan, alarms }
  if ((await findLocks()).length === 0) return { plan, alarms }
  const left = alarms.filter((a) => !OF_A_PAUSE.has(a.code))
  const halfWay = alarms.some((a) => a.code === 'drift-handover-half-way')
  return { plan: halfWay ? { ...plan, actions: [] } : plan, alarms: left }
}
