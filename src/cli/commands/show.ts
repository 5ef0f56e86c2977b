import path from 'node:path'
import type { Command as Commander } from 'commander'
import { readPlanFile } from '../../plan/plan-file.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { type Host, runs } from '../run.js'
import { shellWord } from '../../core/shell-word.js'
import { type ShowOptions, showPlan } from '../write-plan.js'
import { addShowOptions } from './show-options.js'

interface ShowPlanOptions extends ShowOptions {
  readonly plan: string
}

export function addShow(program: Commander, host: Host): void {
  const command = program
    .command('show')
    .description('show a saved plan; connects nowhere')
    .argument('<plan>', 'the file')
  addShowOptions(command).action(runs(host, show))
}

async function show(options: ShowPlanOptions, context: CliContext): Promise<ExitCode> {
  const { plan } = await readPlanFile(path.resolve(context.cwd, options.plan))
  await showPlan(plan, options, `belt apply ${shellWord(options.plan)}`, context)
  return EXIT.done
}
