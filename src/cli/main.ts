#!/usr/bin/env node
import { CommanderError } from 'commander'
import { errorText } from '../render/error-text.js'
import { textStyle } from '../render/text/style.js'
import { EXIT, exitCodeOf, exitCodeOfSignal, type ExitCode } from './exit-codes.js'
import { watchInterrupts } from './interrupts.js'
import { createProgram } from './program.js'
import { exitCodeOfUsage } from './run.js'

const interrupts = watchInterrupts(process, (signal) => process.exit(exitCodeOfSignal(signal)))
process.exit(await main())

async function main(): Promise<ExitCode> {
  const ends: ExitCode[] = []
  try {
    await createProgram({ process, interrupts, ended: (code) => ends.push(code) }).parseAsync(process.argv)
    return ends[0] ?? EXIT.usage
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOfUsage(error.exitCode)
    process.stderr.write(errorText(error, textStyle(false), process.argv.includes('--debug')))
    return exitCodeOf(error, undefined)
  }
}
