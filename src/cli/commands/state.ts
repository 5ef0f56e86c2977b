import type { Command as Commander } from 'commander'
import { RefusedError, UsageError } from '../../core/error.js'
import { prettyJson } from '../../plan/pretty-json.js'
import { withConnection } from '../../postgres/connect.js'
import { describeHolder } from '../../postgres/lock-holder.js'
import { endOrphan } from '../../postgres/orphans.js'
import { stateText } from '../../render/state-text.js'
import { visible } from '../../render/text/visible.js'
import { confirm } from '../confirm.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { findRunLocks, type HeldLock } from '../run-lock.js'
import { type Host, runs } from '../run.js'
import { DEFAULT_SPEC, readSpec, type SpecOptions } from '../spec-file.js'
import { sidesOf } from '../sides.js'
import { stateStoreOf } from '../state-store.js'
import { addStateMoves } from './state-move.js'

interface StateOptions extends SpecOptions {
  readonly json?: boolean
  readonly yes?: boolean
}

export function addState(program: Commander, host: Host): void {
  const state = program.command('state').description('look at the state of a migration and at its run lock')
  const sub = (name: string, description: string): Commander =>
    state
      .command(name)
      .description(description)
      .option('-f, --file <spec>', 'the spec', DEFAULT_SPEC)
      .option('--migration <name>', 'which migration of the file')
  sub('show', 'show what belt remembers').option('--json', 'the whole state as JSON').action(runs(host, show))
  sub('path', 'print where the state is kept').action(runs(host, showPath))
  addStateMoves(sub, host)
  sub('lock', 'tell who holds the run lock').action(runs(host, lock))
  sub('release', 'end the session that holds the run lock').option('--yes', 'do not ask').action(runs(host, release))
}

async function show(options: StateOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const store = stateStoreOf(sidesOf(spec, resolveSecret, context), context)
  const state = await store.read()
  if (state === undefined) {
    throw new UsageError('state-missing', `${spec.name} has no state yet in ${store.location}`, {
      hint: `the first belt apply${specFlags(options)} writes it.`,
    })
  }
  context.out.write(
    options.json === true ? prettyJson(state) : stateText(state, context.outStyle, `belt status${specFlags(options)}`),
  )
  return EXIT.done
}

async function showPath(options: StateOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  // For $(belt state path): nothing but the path.
  context.out.write(`${stateStoreOf(sidesOf(spec, resolveSecret, context), context).location}\n`)
  return EXIT.done
}

async function lock(options: StateOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const held = await findRunLocks(spec, resolveSecret, context)
  const flags = specFlags(options)
  if (held.length === 0) {
    context.out.write(`The run lock of ${visible(spec.name)} is free.\nNext: belt apply${flags}\n`)
    return EXIT.done
  }
  for (const one of held) {
    context.out.write(`The run lock of ${visible(spec.name)} is held by ${whoHolds(one)}.\n`)
  }
  context.out.write(`Next: wait for it; if nobody is behind it any more, belt state release${flags}\n`)
  return EXIT.done
}

async function release(options: StateOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const held = await findRunLocks(spec, resolveSecret, context)
  const next = `Next: belt apply${specFlags(options)}\n`
  if (held.length === 0) {
    context.out.write(`The run lock of ${visible(spec.name)} is free already.\n${next}`)
    return EXIT.done
  }
  for (const { holder, side } of held) {
    if (holder.since !== null) continue
    const who = visible(describeHolder(holder))
    throw new RefusedError('lock-foreign', `the lock is held by ${who}, whom this user may not see or end`, {
      hint: `end it as a superuser, on the ${side}: select pg_catalog.pg_terminate_backend(${holder.pid})`,
    })
  }
  const all = held.map(whoHolds).join(' and ')
  await confirm(
    context,
    options.yes === true,
    `This ends ${all}: a run that still works stops in the middle.`,
    'say --yes.',
  )
  for (const one of held) {
    const { pid, since } = one.holder
    const ended = await withConnection(one.settings, context.interrupts.cancel, (session) =>
      endOrphan(session, { pid, startedAt: since ?? '' }, 'terminate'),
    )
    context.out.write(`${ended ? 'Ended' : 'It has ended by itself'}: ${whoHolds(one)}.\n`)
  }
  context.out.write(next)
  return EXIT.done
}

function whoHolds({ holder, side }: HeldLock): string {
  return `${visible(describeHolder(holder))} on the ${side}`
}
