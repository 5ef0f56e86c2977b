import type { Style } from '../render/text/style.js'
import type { ExitCode } from './exit-codes.js'
import type { Interrupts } from './interrupts.js'
import type { Output } from './terminal.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** What every command gets instead of looking at the process. */
export interface CliContext {
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
  /** Results. */
  readonly out: Output
  /** Progress and errors. */
  readonly err: Output
  readonly outStyle: Style
  readonly errStyle: Style
  readonly interrupts: Interrupts
  /** Asks a question and gives the answer, trimmed; undefined when nobody is there to ask or input ended. */
  readonly ask: ((question: string, options?: AskOptions) => Promise<string | undefined>) | undefined
  readonly debug: boolean
  /** Ends the process as a power cut would; for tests of what survives that. */
  readonly die: () => void
}

export interface AskOptions {
  /** Shown in brackets; stands for an empty answer. */
  readonly suggestion?: string
}

/** A command's own work; errors are reported by whoever runs it. */
export type Command<Options> = (options: Options, context: CliContext) => Promise<ExitCode>
