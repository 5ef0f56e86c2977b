import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Command as Commander, InvalidArgumentError, Option } from 'commander'
import { runDemo, stopDemo } from '../../demo/run-demo.js'
import { type EmbeddedMajor, isEmbeddedMajor } from '../../embedded/versions.js'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { type Host, runs } from '../run.js'

interface DemoOptions {
  readonly from: EmbeddedMajor
  readonly to: EmbeddedMajor
  readonly keep?: boolean
  readonly stop?: string
}

export function addDemo(program: Commander, host: Host): void {
  const major = (text: string): EmbeddedMajor => {
    const number = Number(text)
    if (!isEmbeddedMajor(number)) throw new InvalidArgumentError('belt can start majors 12 to 18.')
    return number
  }
  program
    .command('demo')
    .description('move a shop under load between two throw-away servers on this machine')
    .addOption(new Option('--from <major>', 'version of the source').default(15).argParser(major))
    .addOption(new Option('--to <major>', 'version of the target').default(17).argParser(major))
    .option('--keep', 'leave the servers up to play with')
    .option('--stop <folder>', 'stop the servers that an earlier --keep left')
    .action(runs(host, demo))
}

async function demo(options: DemoOptions, context: CliContext): Promise<ExitCode> {
  const say = (text: string): void => context.out.write(`${text}\n`)
  if (options.stop !== undefined) {
    await stopDemo(path.resolve(context.cwd, options.stop), say)
    return EXIT.done
  }
  const belt = (args: readonly string[], folder: string, env: Readonly<Record<string, string>>): Promise<number> =>
    runSelf(args, folder, { ...context.env, ...env }, context.interrupts.cancel)
  const { from, to, keep = false } = options
  await runDemo({ from, to, keep, belt, say }, context.interrupts.cancel)
  return EXIT.done
}

/** Another belt, with its output going where this one's goes. */
async function runSelf(
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  const main = fileURLToPath(new URL('../main.js', import.meta.url))
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code ?? EXIT.failed
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
