import type { Command as Commander } from 'commander'
import { prettyJson } from '../../plan/pretty-json.js'
import { statusText } from '../../render/status/status-text.js'
import type { Status } from '../../render/status/status.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { stateStoreOf } from '../state-store.js'
import { readStatus } from '../status/read-status.js'
import { withStep } from '../step.js'

interface StatusOptions extends SpecOptions {
  readonly json?: boolean
}

export function addStatus(program: Commander, host: Host): void {
  program
    .command('status')
    .description('show where a migration is: stage, replication, lag, last run, lock')
    .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
    .option('--migration <name>', 'which migration of the file')
    .option('--json', 'as JSON (version 1)')
    .action(runs(host, status))
}

async function status(options: StatusOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const sides = sidesOf(spec, resolveSecret, context)
  const found = await withStep(context, `looking at both databases of ${spec.name}`, () =>
    readStatus(sides, stateStoreOf(sides, context), context.interrupts.cancel),
  )
  const next = nextAfterStatus(found, options)
  const json = options.json === true
  context.out.write(
    json ? prettyJson({ v: 1, type: 'status', ...found, next }) : statusText(found, context.outStyle, next),
  )
  return EXIT.done
}

function nextAfterStatus(found: Status, options: SpecOptions): string {
  const flags = specFlags(options)
  if (found.alarms.length > 0) return `belt drift${flags}`
  return found.stage === found.wanted && found.failed.length === 0
    ? `belt drift${flags} tells whether both databases are still as the spec says`
    : `belt plan${flags}`
}
