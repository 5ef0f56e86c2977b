import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Command as Commander, Option } from 'commander'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { hasErrors } from '../../core/diagnostic.js'
import { writePlanFile } from '../../plan/plan-file.js'
import { UsageError } from '../../core/error.js'
import { parseQualified } from '../../core/qualified-name.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { makePlan } from '../make-plan.js'
import { nextAfterPlan } from '../next-command.js'
import { PARTS } from '../../planner/only/parts.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { type ShowOptions, showPlan } from '../write-plan.js'
import { addShowOptions } from './show-options.js'

interface PlanOptions extends SpecOptions, ShowOptions {
  readonly out?: string
  readonly detailedExitcode?: boolean
  readonly restart?: boolean
  readonly only?: readonly string[]
  readonly resync?: readonly QualifiedName[]
}

export function addPlan(program: Commander, host: Host): void {
  const command = program
    .command('plan')
    .description('show every action that brings both databases to the stage of the spec; changes nothing')
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file')
    .option('--out <plan>', 'save the plan for review and apply')
    .addOption(
      new Option('--restart', 'take the copy on the target away and make it anew: needs an approval').conflicts('only'),
    )
    .option(
      '--only <what>',
      `a part (${PARTS.join(', ')}), an action id, or ids with *; may be given many times`,
      (word: string, before: readonly string[] | undefined) => [...(before ?? []), word],
    )
    .addOption(
      new Option(
        '--resync <table>',
        'copy a table of the target anew, as schema.name; may be given many times: needs an approval',
      )
        .argParser((word: string, before: readonly QualifiedName[] | undefined) => [
          ...(before ?? []),
          tableNamed(word),
        ])
        .conflicts(['only', 'restart']),
    )
    .option('--detailed-exitcode', 'exit with 2 when there are changes, 0 when there are none')
  addShowOptions(command).action(runs(host, plan))
}

function tableNamed(word: string): QualifiedName {
  const name = parseQualified(word)
  if (name !== undefined) return name
  throw new UsageError('resync-name', `--resync ${word}: that is no table with its schema`, {
    hint: 'Write it as in SQL: public.orders, or \'public."Orders"\'.',
  })
}

async function plan(options: PlanOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context)
  const { only, restart, resync } = options
  const ask = {
    ...(only === undefined ? {} : { only }),
    ...(restart === true ? { restart } : {}),
    ...(resync === undefined ? {} : { resync }),
  }
  const made = await makePlan(sidesOf(spec, resolveSecret, context), context, ask)
  const wrong = hasErrors(made.plan.diagnostics)
  const out = wrong ? undefined : options.out
  if (out !== undefined) {
    const file = path.resolve(context.cwd, out)
    await mkdir(path.dirname(file), { recursive: true })
    await writePlanFile(file, made.plan)
    context.err.write(`The plan is saved in ${out}\n`)
  } else if (options.out !== undefined) context.err.write(`${options.out} is not written: the plan has errors\n`)
  await showPlan(made.plan, options, nextAfterPlan(made.plan, options, out), context)
  if (wrong) return EXIT.failed
  return options.detailedExitcode === true && made.plan.actions.length > 0 ? EXIT.changes : EXIT.done
}
