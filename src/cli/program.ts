import { Command } from 'commander'
import { EXIT_CODES_HELP } from './exit-codes.js'
import { addAdopt } from './commands/adopt.js'
import { addApply } from './commands/apply.js'
import { addDemo } from './commands/demo.js'
import { addDrift } from './commands/drift.js'
import { addImport } from './commands/import.js'
import { addInit } from './commands/init.js'
import { addPlan } from './commands/plan.js'
import { addShow } from './commands/show.js'
import { addState } from './commands/state.js'
import { addStatus } from './commands/status.js'
import { addValidate } from './commands/validate.js'
import { addVerify } from './commands/verify.js'
import type { Host } from './run.js'
import { packageVersion } from './version.js'

/** The whole command line of belt. */
export function createProgram(host: Host): Command {
  const program = new Command('belt')
    .description('Moves one Postgres database into another by a plan you review first.')
    .version(packageVersion(), '--version', 'print the version')
    .option('--debug', 'print the stack of an error')
    .option('--no-color', 'print without colours (also: NO_COLOR)')
    .option('--no-input', 'never ask; refuse where an answer is needed')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(belt --help lists the commands)')
    .exitOverride()
    .addHelpText('after', `\n${EXIT_CODES_HELP}\n\nNext: belt init writes a commented belt.yaml.`)
  addInit(program, host)
  addImport(program, host)
  addAdopt(program, host)
  addValidate(program, host)
  addPlan(program, host)
  addShow(program, host)
  addApply(program, host)
  addVerify(program, host)
  addStatus(program, host)
  addDrift(program, host)
  addState(program, host)
  addDemo(program, host)
  return program
}
