import { createInterface } from 'node:readline/promises'
import type { ReadStream, WriteStream } from 'node:tty'
import type { AskOptions } from './context.js'

/** Asks on the terminal. Questions go to stderr: stdout may be a file. Ctrl-C and Ctrl-D mean no answer. */
export async function askOnTerminal(
  input: ReadStream,
  output: WriteStream,
  question: string,
  options: AskOptions = {},
): Promise<string | undefined> {
  const lines = createInterface({ input, output })
  const given = options.suggestion === undefined ? '' : ` [${options.suggestion}]`
  const closed = new AbortController()
  lines.once('close', () => closed.abort())
  lines.once('SIGINT', () => lines.close())
  try {
    const answer = await lines.question(`${question}${given} `, { signal: closed.signal })
    return answer.trim() === '' && options.suggestion !== undefined ? options.suggestion : answer.trim()
  } catch (error) {
    if (!closed.signal.aborted) throw error
    output.write('\n')
    return undefined
  } finally {
    lines.close()
  }
}
