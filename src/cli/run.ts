import { isatty } from 'node:tty'
import type { Command as Commander } from 'commander'
import { errorText } from '../render/error-text.js'
import { textStyle } from '../render/text/style.js'
import { askOnTerminal } from './ask.js'
import type { CliContext, Command } from './context.js'
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js'
import type { Interrupts } from './interrupts.js'
import { createOutput } from './terminal.js'

export interface GlobalOptions {
  readonly debug?: boolean
  readonly color: boolean
  readonly input: boolean
}

/** What the process gives to whoever runs commands. */
export interface Host {
  readonly process: NodeJS.Process
  readonly interrupts: Interrupts
  /** Called once, with how the command ended. */
  readonly ended: (code: ExitCode) => void
}

/** The action of a commander command: builds its context, runs it, reports what it throws, and notes the exit code. */
export function runs<Options>(host: Host, command: Command<Options>): (this: Commander) => Promise<void> {
  return async function (this: Commander): Promise<void> {
    const options = this.optsWithGlobals<Options & GlobalOptions>()
    const positional: Readonly<Record<string, string | readonly string[]>> = Object.fromEntries(
      this.registeredArguments.flatMap((argument, index) => {
        const value = argument.variadic ? this.args.slice(index) : this.args[index]
        return value === undefined ? [] : [[argument.name(), value]]
      }),
    )
    const context = createContext(host, options)
    host.ended(await settle({ ...options, ...positional }, context, command))
    await Promise.all([context.out.flushed(), context.err.flushed()])
  }
}

async function settle<Options>(options: Options, context: CliContext, command: Command<Options>): Promise<ExitCode> {
  const { interrupts, err, errStyle, debug } = context
  try {
    return await command(options, context)
  } catch (error) {
    const received = interrupts.received()
    if (received === undefined || !isAbort(error)) err.write(errorText(error, errStyle, debug))
    return exitCodeOf(error, received)
  }
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && error.code === 'aborted')
}

function createContext(host: Host, options: GlobalOptions): CliContext {
  const { env, stdin, stdout, stderr } = host.process
  const out = createOutput(stdout, env, options.color)
  const err = createOutput(stderr, env, options.color)
  const interactive = options.input && isatty(stdin.fd) && isatty(stderr.fd)
  return {
    env,
    cwd: host.process.cwd(),
    out,
    err,
    outStyle: textStyle(out.color, out.width()),
    errStyle: textStyle(err.color, err.width()),
    interrupts: host.interrupts,
    ask: interactive ? (question, ask) => askOnTerminal(stdin, stderr, question, ask) : undefined,
    debug: options.debug === true,
    die: () => host.process.kill(host.process.pid, 'SIGKILL'),
  }
}

/** commander's own end: 0 for help and version, usage error otherwise. */
export function exitCodeOfUsage(commanderExitCode: number): ExitCode {
  return commanderExitCode === 0 ? EXIT.done : EXIT.usage
}
