import path from 'node:path'
import type { Command as Commander } from 'commander'
import { UsageError } from '../../core/error.js'
import { settingsOfSides, type SidesInput } from '../../inspect/both-sides.js'
import { withRunLock } from '../../postgres/advisory-lock.js'
import { runLockKey } from '../../postgres/lock-key.js'
import { visible } from '../../render/text/visible.js'
import { localStateStore } from '../../state/local-store.js'
import { moveState } from '../../state/move-state.js'
import type { StateStore } from '../../state/state-store.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { specFlags } from '../next-command.js'
import { type Host, runs } from '../run.js'
import { sidesOf } from '../sides.js'
import { readSpec, type SpecOptions } from '../spec-file.js'
import { stateOnTarget } from '../state-store.js'

interface MoveOptions extends SpecOptions {
  readonly path?: string
  readonly force?: boolean
}

/** Adds `push` and `pull` to `belt state`; `sub` makes a command with the options that all of them have. */
export function addStateMoves(sub: (name: string, description: string) => Commander, host: Host): void {
  const add = (name: 'push' | 'pull', description: string): void => {
    sub(name, description)
      .argument('[path]', 'the file (default: state.path of the spec)')
      .option('--force', 'write over a state that is newer, or of another migration')
      .action(runs(host, (options: MoveOptions, context) => move(name, options, context)))
  }
  add('push', 'copy the state from a file to the target (backend postgres)')
  add('pull', 'copy the state from the target (backend postgres) to a file')
}

async function move(way: 'push' | 'pull', options: MoveOptions, context: CliContext): Promise<ExitCode> {
  const { spec, resolveSecret } = await readSpec(options, context, 'unread')
  const sides = sidesOf(spec, resolveSecret, context)
  const file = options.path === undefined ? spec.state.path : path.resolve(context.cwd, options.path)
  const [local, remote] = [localStateStore(file), stateOnTarget(sides, context)]
  const [from, to] = way === 'push' ? [local, remote] : [remote, local]
  const lineage = await lineageIn(from, spec.name)
  const moved = await underRunLock(sides, lineage, context, () =>
    moveState({ from, to, name: spec.name, force: options.force === true }),
  )
  const { stage, serial } = moved.state
  const what = `The state of ${visible(spec.name)} (stage ${stage}, change ${serial})`
  const how = moved.written ? 'is now in' : 'was already in'
  const backend = way === 'push' ? 'postgres' : 'local'
  const next =
    spec.state.backend === backend ? '' : `set state: { backend: ${backend} } in ${visible(options.file)}, then `
  context.out.write(`${what} ${how} ${visible(to.location)}\nNext: ${next}belt plan${specFlags(options)}\n`)
  return EXIT.done
}

/** Nothing may be recorded while the state is copied. */
function underRunLock<Result>(
  sides: SidesInput,
  lineage: string,
  { interrupts }: CliContext,
  use: () => Promise<Result>,
): Promise<Result> {
  return withRunLock(settingsOfSides(sides).target, runLockKey(lineage), interrupts.cancel, use)
}

async function lineageIn(from: StateStore, name: string): Promise<string> {
  const state = await from.read()
  if (state !== undefined) return state.lineage
  throw new UsageError('state-missing', `${name} has no state in ${from.location}`, {
    hint: 'belt state path tells where the spec says it is.',
  })
}
