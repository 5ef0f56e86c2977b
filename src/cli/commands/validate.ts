import type { Command as Commander } from 'commander'
import { listing } from '../../render/text/quantity.js'
import { visible } from '../../render/text/visible.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { type Host, runs } from '../run.js'
import { DEFAULT_SPEC, readSpecs, type SpecOptions } from '../spec-file.js'

export function addValidate(program: Commander, host: Host): void {
  program
    .command('validate')
    .description('check the spec, without connecting anywhere')
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'only this migration of the file')
    .action(runs(host, validate))
}

async function validate(options: SpecOptions, context: CliContext): Promise<ExitCode> {
  const { specs, file, warnings } = await readSpecs(options, context, new Date().toISOString().slice(0, 10))
  const goals = specs.map((spec) => `${spec.name} to ${spec.stage}`)
  const noted =
    warnings.length === 0 ? '' : `, with ${warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`}`
  const ok = context.outStyle.good(`${visible(file)} is valid${noted}`)
  context.out.write(`${ok}: it moves ${visible(listing(goals))}.\n`)
  context.out.write(`Next: ${planCommand(file, specs.length, options.migration)}\n`)
  return EXIT.done
}

function planCommand(file: string, migrations: number, migration: string | undefined): string {
  const which = migration ?? (migrations > 1 ? '<name>' : undefined)
  return `belt plan${file === DEFAULT_SPEC ? '' : ` -f ${file}`}${which === undefined ? '' : ` --migration ${which}`}`
}
