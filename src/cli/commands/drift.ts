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
import { servingSide } from '../../planner/current-stage.js'
import { feedsOther } from '../../planner/handover/reopen.js'
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
  const known = migrationContext(spec, inspection, state)
  const replicates = feedsOther(known, servingSide(known))
  const found = await withoutLivePause({ plan, alarms: healthAlarms(known), replicates }, () =>
    findRunLocks(spec, resolveSecret, context),
  )
  const flags = specFlags(options)
  const next = hasDrift(found) ? `belt plan${flags}` : nextAfterPlan(plan, options, undefined)
  context.out.write(options.json === true ? driftJson(found, next) : driftText(found, context.outStyle, next))
  return hasDrift(found) ? EXIT.changes : EXIT.done
}

/** A handover that a run is carrying out at this moment is no drift, however its databases look in between. */
export async function withoutLivePause(drift: Drift, findLocks: () => Promise<readonly unknown[]>): Promise<Drift> {
  const { plan, alarms } = drift
  if (!alarms.some((a) => OF_A_PAUSE.has(a.code))) return drift
  if ((await findLocks()).length === 0) return drift
  const left = alarms.filter((a) => !OF_A_PAUSE.has(a.code))
  const halfWay = alarms.some((a) => a.code === 'drift-handover-half-way')
  return { ...drift, plan: halfWay ? { ...plan, actions: [] } : plan, alarms: left }
}
