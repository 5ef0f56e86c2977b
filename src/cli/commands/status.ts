import type { Command as Commander } from 'commander'
import { prettyJson } from '../../plan/pretty-json.js'
import { BeltError, RefusedError } from '../../core/error.js'
import type { PartialStatus } from '../../render/status/partial-status.js'
import { partialText } from '../../render/status/partial-text.js'
import { statusText } from '../../render/status/status-text.js'
import type { Status } from '../../render/status/status.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { stateStoreOf } from '../state-store.js'
import { readPartial } from '../status/read-partial.js'
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
  const store = stateStoreOf(sides, context)
  const { cancel } = context.interrupts
  const found = await withStep(context, `looking at both databases of ${spec.name}`, () =>
    readStatus(sides, store, cancel),
  ).catch(async (error: unknown) => {
    if (cancel.aborted || !(error instanceof BeltError) || error instanceof RefusedError) throw error
    const partial = await withStep(context, 'looking at what can be reached', () => readPartial(sides, store, cancel))
    if (partial !== undefined) showPartial(partial, options, context)
    // It is the answer all the same: exit code 1.
    throw error
  })
  const next = nextAfterStatus(found, options)
  const json = options.json === true
  context.out.write(
    json ? prettyJson({ v: 1, type: 'status', ...found, next }) : statusText(found, context.outStyle, next),
  )
  return EXIT.done
}

function showPartial(partial: PartialStatus, options: StatusOptions, context: CliContext): void {
  const next = `mend what stands below, then belt status${specFlags(options)}`
  context.out.write(
    options.json === true
      ? prettyJson({ v: 1, type: 'status', partial: true, ...partial, next })
      : partialText(partial, context.outStyle, next),
  )
}

function nextAfterStatus(found: Status, options: SpecOptions): string {
  const flags = specFlags(options)
  if (found.alarms.length > 0) return `belt drift${flags}`
  return found.stage === found.wanted && found.failed.length === 0
    ? `belt drift${flags} tells whether both databases are still as the spec says`
    : `belt plan${flags}`
}
